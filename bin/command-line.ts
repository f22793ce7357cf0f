import { parseArgs } from 'node:util'
import { nearest } from '../reports/text/nearest.js'
import { BadUsage } from './bad-usage.js'
import type { Command, Option } from './commands/command.js'

/** A command line, taken apart: what the command is given, or whether only help or the version is wanted. */
export type Given = { wants: 'help' | 'version' } | { args: Record<string, unknown> }

/**
 * Takes the words after the command's name apart. Node's own parser, for it is there already: loading yargs and making
 * its tables took 70 ms of each start.
 *
 * @throws BadUsage for words that the command does not know, that are missing or too many
 */
export function readWords(
  words: string[],
  { positionals, options }: Pick<Command, 'positionals' | 'options'>,
): Given {
  const names = new Map(
    Object.entries(options).flatMap(([name, { alias }]) => [[name, name] as const, [alias ?? name, name]]),
  )
  const { tokens } = parseArgs({
    args: words,
    strict: false,
    tokens: true,
    allowPositionals: true,
    allowNegative: true,
    options: Object.fromEntries(
      [...names]
        .filter(([name]) => name.length > 1)
        .map(([name, main]) => {
          const { type, alias } = options[main]!
          const letter = alias?.length === 1 && name === main ? { short: alias } : {}
          return [name, { type: type === 'boolean' ? type : 'string', ...letter }]
        }),
    ),
  })
  for (const wants of ['help', 'version'] as const) {
    if (tokens.some(token => token.kind === 'option' && token.name === wants)) return { wants }
  }

  const args: Record<string, unknown> = Object.fromEntries(
    Object.entries({ ...positionals, ...options }).map(([name, each]) => [camelCase(name), each.default]),
  )
  const places = Object.keys(positionals)
  /** The list that the words before this one belong to, if the option before them takes all that follow. */
  let following: unknown[] | null = null
  for (const token of tokens) {
    if (token.kind === 'option-terminator') following = null
    else if (token.kind === 'positional') {
      const place = following === null ? places.shift() : undefined
      if (following !== null) following.push(token.value)
      else if (place === undefined) throw new BadUsage(`Don't know what to do with "${token.value}".`)
      else args[place] = token.value
    } else {
      const name = names.get(token.name)
      if (name === undefined) throw new BadUsage(unknownOption(token.rawName, token.name, options))
      const option = options[name]!
      const value = valueGiven(option, token)
      const key = camelCase(name)
      following = null
      if (option.list === undefined) args[key] = value
      else {
        const list = [...(args[key] === option.default ? [] : (args[key] as unknown[])), value]
        args[key] = list
        if (option.list === 'following') following = list
      }
    }
  }
  for (const place of places) {
    const { missing } = positionals[place]!
    if (missing !== undefined) throw new BadUsage(missing)
  }
  return { args }
}

interface OptionToken {
  name: string
  /** As it is written. */
  rawName: string
  value: string | undefined
  /** The value is in the same word. */
  inlineValue: boolean | undefined
}

function valueGiven({ type, choices }: Option, { name, rawName, value, inlineValue }: OptionToken): unknown {
  if (type === 'boolean') {
    if (value !== undefined) throw new BadUsage(`Option ${rawName} takes no value.`)
    return rawName !== `--no-${name}`
  }
  // A word that looks like an option is one: a value that begins with a dash is written behind a `=`.
  if (value === undefined || (!inlineValue && value.startsWith('-'))) {
    throw new BadUsage(`Option ${rawName} needs a value.`)
  }
  if (choices !== undefined) {
    const known = choicesOf(choices)
    if (!known.includes(value)) {
      throw new BadUsage(
        `${rawName} can't be "${value}".${question(nearest(value, known))} It is one of ${known.join(', ')}.`,
      )
    }
  }
  return type === 'number' ? Number(value) : value
}

/** The values that an option takes. */
export function choicesOf(choices: NonNullable<Option['choices']>): readonly string[] {
  return Array.isArray(choices) ? choices : Object.keys(choices)
}

function unknownOption(rawName: string, name: string, options: Command['options']): string {
  const meant = nearest(name, Object.keys(options)).map(each => `--${each}`)
  // `--json` for `--format json`.
  const asValue = Object.entries(options)
    .filter(([, { choices }]) => choices !== undefined && choicesOf(choices).includes(name))
    .map(([option]) => `--${option} ${name}`)
  return `Unknown option ${rawName}.${question([...asValue, ...meant])}`
}

function question(meant: string[]): string {
  return meant[0] === undefined ? '' : ` Did you mean ${meant[0]}?`
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
