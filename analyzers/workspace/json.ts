/** JSON as tools write it: comments and trailing commas pass, a broken file still gives what can be read. */
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import type { Diagnostic } from '../model.js'
import { bracketsNestTooDeep } from './nesting.js'

export type JsonObject = Record<string, unknown>

/** What a JSON file says, and what is wrong with it. `text` serves to find the lines of things in it. */
export interface JsonFile {
  path: string
  text: string
  value: JsonObject
  diagnostics: Diagnostic[]
}

/** Parses the text of a JSON file. A file that holds no object gives an empty one and a diagnostic. */
export function parseJson(path: string, text: string): JsonFile {
  const strict = tryStrict(text)
  if (isObject(strict)) return { path, text, value: strict, diagnostics: [] }

  const errors: ParseError[] = []
  // jsonc-parser descends recursively.
  if (bracketsNestTooDeep(text)) {
    return { path, text, value: {}, diagnostics: [brokenJson(path, 1, 'is nested too deeply')] }
  }
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  const diagnostics = errors
    .slice(0, 1)
    .map(error => brokenJson(path, lineAt(text, error.offset), readable(printParseErrorCode(error.error))))
  if (!isObject(value) && diagnostics.length === 0)
    diagnostics.push(brokenJson(path, 1, 'an object is expected'))
  return { path, text, value: isObject(value) ? value : {}, diagnostics }
}

function tryStrict(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function brokenJson(file: string, line: number, problem: string): Diagnostic {
  const message = `Is not valid JSON (${problem}); read as far as it can be.`
  return { severity: 'warning', code: 'invalid-json', message, file, line }
}

/** `CommaExpected` -> `comma expected`. */
function readable(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/**
 * 1-based line where a chain of keys stands, each looked for after the one before it (`scripts`, `start`);
 * for evidence, where the right line nearly always beats a second parse. 1 when a key is not there.
 */
export function lineOfKey(file: Pick<JsonFile, 'text'>, ...keys: string[]): number {
  let at = 0
  for (const key of keys) {
    const found = file.text.indexOf(JSON.stringify(key), at)
    if (found === -1) return 1
    at = found
  }
  return lineAt(file.text, at)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members of an object that are objects' or strings' own; `{}` for anything else. */
export function objectAt(value: JsonObject, key: string): JsonObject {
  const member = Object.hasOwn(value, key) ? value[key] : undefined
  return isObject(member) ? member : {}
}

export function stringAt(value: JsonObject, key: string): string | null {
  const member = Object.hasOwn(value, key) ? value[key] : undefined
  return typeof member === 'string' ? member : null
}

/** Members of an object whose values are strings. */
export function stringMembers(value: JsonObject): [string, string][] {
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}

/** The strings of an array, or of a single string; [] for anything else. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}
