import { columns, type Row, wrap } from '../reports/terminal/columns.js'
import { choicesOf } from './command-line.js'
import { type Command, commonOptions, type Option, type Positional } from './commands/command.js'

/** What there is to tell of a command, or of the tool. */
export interface Help extends Partial<Omit<Command, 'handler'>> {
  /** What follows the program's name. */
  usage: string
  describe: string
  commands?: [usage: string, describe: string][]
  /** The last line. */
  hint?: string
}

/** What `--help` prints: the command line, what it does, and a table for each part of it. */
export function helpOf(help: Help, width: number): string {
  const { usage, describe, commands = [], positionals = {}, options = {}, examples = [], hint } = help
  const tables: [heading: string, rows: Row[]][] = [
    ['Commands', commands.map(([line, does]) => [{ text: `seamripper ${line}` }, { text: does }])],
    ['Positionals', Object.entries(positionals).map(positionalRow)],
    ['Options', Object.entries({ ...commonOptions, ...options }).flatMap(optionRows)],
    ['Examples', examples.map(([line, does]) => [{ text: line }, { text: does }])],
  ]
  return [
    `seamripper ${usage}`,
    wrap(describe, width).join('\n'),
    ...tables
      .filter(([, rows]) => rows.length > 0)
      .map(([heading, rows]) => `${heading}:\n${columns(rows, width).join('\n')}`),
    ...(hint === undefined ? [] : [hint]),
  ].join('\n\n')
}

function positionalRow([name, { describe, default: value }]: [string, Positional]): Row {
  return [{ text: name }, { text: `${describe}${defaultOf(value)}` }]
}

/** An option, and below it the values that it takes, if each has a description. */
function optionRows([name, { alias = '', type, describe, choices = [], default: value }]: [
  string,
  Option,
]): Row[] {
  const letter = alias.length === 1 ? `-${alias}, ` : '    '
  const other = alias.length > 1 ? `, --${alias}` : ''
  const described = Array.isArray(choices) ? [] : Object.entries(choices)
  const values =
    described.length > 0 || choicesOf(choices).length === 0 ? '' : ` [${choicesOf(choices).join(', ')}]`
  return [
    [
      { text: `${letter}--${name}${other}` },
      { text: `${describe}${values}${type === 'boolean' ? '' : defaultOf(value)}` },
    ],
    ...described.map(([choice, each]): Row => [{ text: '' }, { text: `${choice}: ${each.describe}` }]),
  ]
}

function defaultOf(value: Option['default']): string {
  return value === undefined || String(value) === '' ? '' : ` [default: ${String(value)}]`
}
