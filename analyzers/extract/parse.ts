/** Source text in, syntax tree out: oxc-parser behind a guard. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Program } from '@oxc-project/types'
import { type Comment, parseSync } from 'oxc-parser'
import type { Diagnostic } from '../model.js'
import { type Fault, type Language, parseBroken } from './parse-broken.js'
import { lineAt, lineStartsOf } from './positions.js'

/*
 * oxc-parser was chosen by measurement, crowd.dev, 1,790 files, 165,000 lines, Node 20, 2 cores (parse and read
 * the tree of every file): oxc-parser 0.51 s after 10 ms of loading, `ts.createSourceFile` 0.58 s after 390 ms of
 * loading, which a cold process pays on each run.
 *
 * Its recursive descent ends the process on code nested some thousand levels deep (seen: 10,000 parentheses),
 * which no `try` can catch. So text that could be nested that deep is first parsed in a process of its own.
 */
const SUSPICIOUS_DEPTH = 500
const SUSPICIOUS_CHAIN = 2_000
const PROBE_TIMEOUT_MS = 60_000
/** Beginnings of statements that are no part of an expression. */
const STATEMENT = /^(?:import|export|const|let|var) /
/** Lines with further errors that a diagnostic names. */
const MAX_TOLD_LINES = 5

export interface ParseResult {
  program: Program | null
  errors: Diagnostic[]
  /** Null for a file that the parser does not take; a function, because few need them and they cost time. */
  comments: () => Comment[] | null
}

let last: { file: string; text: string; result: ParseResult } | null = null

/**
 * Parses one file. Of one with syntax errors what can be made of it, with a diagnostic; the tree is null when that is
 * nothing. The last one is remembered: a first look at a file may read its tree twice, for its schema and for its facts.
 */
export function parseSource(file: string, text: string): ParseResult {
  if (last?.file !== file || last.text !== text) last = { file, text, result: parse(file, text) }
  return last.result
}

function parse(file: string, text: string): ParseResult {
  const language = languageOf(file)
  const deep = nestingLooksDeep(text)
  if (deep !== null && !survivesParsing(language, text)) {
    return {
      program: null,
      comments: () => null,
      errors: [
        {
          severity: 'error',
          code: 'nested-too-deep',
          message: 'not analysed: the code is nested too deep for the parser',
          file,
          line: lineAt(lineStartsOf(text), deep),
        },
      ],
    }
  }
  const result = parseAsModuleOrCommonJs(file, text, language)
  const { program } = result
  const comments = () => result.comments
  const [error] = result.errors
  if (!error) return { program, errors: [], comments }
  const own = { at: error.labels[0]?.start ?? 0, message: error.message }
  // Most errors beside a tree are about its meaning, but a comment that isn't closed may have swallowed code.
  if (program.body.length > 0) {
    return { program, errors: [syntaxError(file, text, [own], 'perhaps only partly analysed')], comments }
  }
  const broken = parseBroken(text, language)
  const told = broken && broken.faults.length > 0 ? broken.faults : [own]
  return {
    program: broken?.program ?? null,
    comments: () => null,
    errors: [syntaxError(file, text, told, broken ? 'only partly analysed' : 'not analysed')],
  }
}

/** Node runs a module of CommonJS in a function of its own: it may come to an end with `return`. */
function parseAsModuleOrCommonJs(file: string, text: string, lang: Language): ReturnType<typeof parseSync> {
  const result = parseSync(file, text, { lang, preserveParens: false })
  if (lang !== 'jsx' || !result.errors.some(({ message }) => message.includes("'return'"))) return result
  const inFunction = parseSync(file, text, { lang, preserveParens: false, sourceType: 'commonjs' })
  return inFunction.errors.length === 0 ? inFunction : result
}

/** One diagnostic for all errors of a file: each further one often follows from the first. */
function syntaxError(file: string, text: string, faults: Fault[], extent: string): Diagnostic {
  const starts = lineStartsOf(text)
  const [line, ...further] = new Set(faults.map(({ at }) => lineAt(starts, at)))
  const shown = further.slice(0, MAX_TOLD_LINES).join(', ')
  const more = further.length > MAX_TOLD_LINES ? ', …' : ''
  const also = further.length > 0 ? ` (also on ${further.length > 1 ? 'lines' : 'line'} ${shown}${more})` : ''
  return {
    severity: 'warning',
    code: 'syntax-error',
    message: `${extent}: ${faults[0].message}${also}`,
    file,
    line,
  }
}

/** JSX in `.js` is usual; in `.ts` angle brackets are casts. */
function languageOf(file: string): Language {
  if (/\.(ts|mts|cts)$/.test(file)) return 'ts'
  return file.endsWith('.tsx') ? 'tsx' : 'jsx'
}

/**
 * Offset at which brackets reach a depth, or operators a count, that the native parser may not survive; else null.
 * Counts brackets in strings and comments too: a false alarm costs one more process, a miss costs the run.
 */
export function nestingLooksDeep(text: string): number | null {
  let depth = 0
  let chain = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > SUSPICIOUS_DEPTH) return i
        break
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (depth > 0) depth--
        break
      case 0x3b: // ; ends every chain of operators
        chain = 0
        break
      case 0x0a: // and so do these in code without semicolons
        if (depth === 0 && STATEMENT.test(text.slice(i + 1, i + 8))) chain = 0
        break
      case 0x2b: // +
      case 0x2d: // -
      case 0x21: // !
      case 0x7e: // ~
      case 0x3f: // ?
      case 0x3e: // > of arrows
      case 0x3c:
      case 0x26: // &
      case 0x7c: // |
      case 0x2a:
      case 0x2e: // . of member chains
      case 0x3d:
        if (++chain > SUSPICIOUS_CHAIN * 4) return i
        break
      case 0x65: // e of else
        if (text.startsWith('else if', i) && ++chain > SUSPICIOUS_CHAIN) return i
        break
    }
  }
  return null
}

/** True when a separate process parses the text and lives. */
function survivesParsing(language: Language, text: string): boolean {
  const oxc = createRequire(import.meta.url).resolve('oxc-parser')
  const script = `
    const { parseSync } = await import(${JSON.stringify(`file://${oxc}`)});
    let text = ''; process.stdin.setEncoding('utf8'); for await (const chunk of process.stdin) text += chunk;
    parseSync('probe', text, { lang: ${JSON.stringify(language)}, preserveParens: false }).program;`
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: text,
    timeout: PROBE_TIMEOUT_MS,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return child.status === 0
}
