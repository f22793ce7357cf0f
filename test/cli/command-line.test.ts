import { describe, expect, test } from 'vitest'
import { readWords } from '../../bin/command-line.js'
import type { Command } from '../../bin/commands/command.js'

const command: Pick<Command, 'positionals' | 'options'> = {
  positionals: { subject: { describe: '', missing: 'Explain what?' }, root: { describe: '', default: '.' } },
  options: {
    help: { type: 'boolean', alias: 'h', describe: '' },
    version: { type: 'boolean', describe: '' },
    color: { type: 'boolean', describe: '' },
    format: { type: 'string', alias: 'f', choices: ['json', 'csv'], default: 'json', describe: '' },
    output: { type: 'string', alias: 'o', describe: '' },
    top: { type: 'number', default: 10, describe: '' },
    'cache-dir': { type: 'string', describe: '' },
    cache: { type: 'boolean', default: true, describe: '' },
    only: { type: 'string', alias: 'strategy', list: 'given', default: [], describe: '' },
    history: { type: 'string', list: 'following', default: ['tags'], describe: '' },
  },
}

const defaults = {
  subject: 'x',
  root: '.',
  format: 'json',
  top: 10,
  cache: true,
  only: [],
  history: ['tags'],
}

describe('words that a command takes', () => {
  test.each<[words: string[], expected: object]>([
    [['x'], {}],
    [['x', 'y'], { root: 'y' }],
    [['--top', '3', 'x', '--no-cache', 'y'], { root: 'y', top: 3, cache: false }],
    [['x', '--top=3', '--top', '4'], { top: 4 }],
    [['x', '--top', 'many'], { top: Number.NaN }],
    [['x', '-f', 'csv', '--cache-dir', 'y'], { format: 'csv', cacheDir: 'y' }],
    [['x', '-fcsv', '--output=-o'], { format: 'csv', output: '-o' }],
    [['x', '--color', '--cache'], { color: true }],
    [['x', '--no-color'], { color: false }],
    [['x', '--only', 'a', '--strategy', 'b', 'y'], { only: ['a', 'b'], root: 'y' }],
    [['x', '--history', 'a', 'b', 'c', '--top', '1'], { history: ['a', 'b', 'c'], top: 1 }],
    [['x', '--history', 'a', '--history', 'b', 'c'], { history: ['a', 'b', 'c'] }],
    [['x', '--history', 'a', '--', 'y'], { history: ['a'], root: 'y' }],
    [['--', '--top'], { subject: '--top' }],
  ])('%j', (words, expected) => {
    expect(readWords(words, command)).toEqual({ args: { ...defaults, ...expected } })
  })
})

test.each<[words: string[], wants: 'help' | 'version']>([
  [['--help'], 'help'],
  [['x', '-h', '--formt'], 'help'],
  [['--version', 'x'], 'version'],
])('%j asks for the %s', (words, wants) => {
  expect(readWords(words, command)).toEqual({ wants })
})

describe('words that a command refuses', () => {
  test.each<[words: string[], expected: string]>([
    [['x', '--formt', 'csv'], 'Unknown option --formt. Did you mean --format?'],
    [['x', '--formt=csv'], 'Unknown option --formt. Did you mean --format?'],
    [['x', '--no-colr'], 'Unknown option --no-colr. Did you mean --color?'],
    [['x', '--zzzzzz', '-q'], 'Unknown option --zzzzzz.'],
    [['x', '-q'], 'Unknown option -q.'],
    [['x', '--csv'], 'Unknown option --csv. Did you mean --format csv?'],
    [['x', '--toString'], 'Unknown option --toString.'],
    [['a', 'b', 'c'], 'Don\'t know what to do with "c".'],
    [['x', '-o'], 'Option -o needs a value.'],
    [['x', '--output', '--top', '3'], 'Option --output needs a value.'],
    [['x', '--no-output'], 'Option --no-output needs a value.'],
    [['x', '--cache=false'], 'Option --cache takes no value.'],
    [['x', '-f', 'jsn'], '-f can\'t be "jsn". Did you mean json? It is one of json, csv.'],
    [['x', '--format='], '--format can\'t be "". It is one of json, csv.'],
    [[], 'Explain what?'],
  ])('%j', (words, expected) => {
    expect(() => readWords(words, command)).toThrow(expected)
  })
})
