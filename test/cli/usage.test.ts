import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, seamripper } from './run.js'

const here = folderWith({ 'shop/package.json': '{}', 'shop/README.md': '' })

describe('help and version go to stdout with status 0', () => {
  test.each<[words: string[], expected: RegExp]>([
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['map', '--version'], /^\d+\.\d+\.\d+\n$/],
    [['--help'], /Commands:\n {2}seamripper init .*\n {2}seamripper map /s],
    [['-h'], /Commands:/],
    [['help'], /Commands:/],
    [['help', 'map'], /--format .*Examples:\n {2}seamripper map /s],
    [['map', '--help'], /--format .*Examples:\n {2}seamripper map /s],
    [['explain', '--help'], /subject .*Examples:\n {2}seamripper explain /s],
    [['init', '--help'], /--force .*Examples:\n {2}seamripper init /s],
  ])('%j', (words, expected) => {
    const { status, stdout, stderr } = seamripper(words)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(expected)
  })
})

describe('what can not be worked with goes to stderr with status 2', () => {
  test.each<[words: string[], expected: string | RegExp]>([
    [[], /^seamripper: Which command\?\n\nseamripper <command> \[root\]\n/],
    [['mpa'], 'seamripper: Unknown command. Did you mean "seamripper map"?\nSee seamripper --help.\n'],
    [['frobnicate'], 'seamripper: Don\'t know what to do with "frobnicate".\nSee seamripper --help.\n'],
    [
      ['map', '--formt', 'x'],
      'seamripper: Unknown option --formt. Did you mean --format?\nSee seamripper map --help.\n',
    ],
    [['map', '-f', 'jsn'], /^seamripper: -f can't be "jsn"\. Did you mean json\?/],
    [['map', 'a', 'b'], 'seamripper: Don\'t know what to do with "b".\nSee seamripper map --help.\n'],
    [['map', '-o'], 'seamripper: Option -o needs a value.\nSee seamripper map --help.\n'],
    [['map', '--top', 'many'], 'seamripper: --top takes a whole number from 1.\n'],
    [['map', '--top', '0'], 'seamripper: --top takes a whole number from 1.\n'],
    [['map', '--jobs', '0'], 'seamripper: --jobs takes a whole number from 1.\n'],
    [['check', '--jobs', 'all'], 'seamripper: --jobs takes a whole number from 1.\n'],
    [['explain'], /^seamripper: Explain what\? Give a table, a service, a file or a file:line\./],
    [['map', 'shpo'], 'seamripper: There is no folder shpo. Did you mean shop?\n'],
    [['map', './shpo/'], 'seamripper: There is no folder ./shpo/. Did you mean ./shop?\n'],
    [['map', ''], 'seamripper: The folder is an empty word. Is a variable of a script not set?\n'],
    [['map', 'shop', '--config', 'none.yml'], 'seamripper: none.yml: there is no such file\n'],
    [
      ['check', 'shop', '-o', 'gate.xml'],
      'seamripper: gate.xml can be of several formats. Say which: --format junit or checkstyle.\n',
    ],
    [
      ['map', 'shop', '-o', 'map.xyz'],
      'seamripper: No format has files that end in .xyz. Known endings: .json, .html, .md, .mmd, .svg, .dot, .gexf, .csv; or say which with --format.\n',
    ],
    [
      ['progress', 'shop', '-o', 'burndown.svg'],
      'seamripper: No format has files that end in .svg. Known endings: .md, .html, .json; or say which with --format.\n',
    ],
    [['map', 'nothing/like/it'], 'seamripper: There is no folder nothing/like/it.\n'],
    [
      ['map', 'shop/README.md'],
      'seamripper: shop/README.md is a file. Give the folder that holds the services.\n',
    ],
    [
      ['map', 'shop', '-o', 'none/map.md'],
      'seamripper: There is no folder none to write map.md to. Create it first.\n',
    ],
    [
      ['map', 'shop', '-o', 'shop'],
      `seamripper: shop is a folder. Give a file in it, such as ${join('shop', 'dependency-map.md')}.\n`,
    ],
    [['map', '\u001b[31mred'], 'seamripper: There is no folder \ufffd[31mred.\n'],
  ])('%j', (words, expected) => {
    const { status, stdout, stderr } = seamripper(words, { cwd: here })
    expect([status, stdout]).toEqual([2, ''])
    if (typeof expected === 'string') expect(stderr).toBe(expected)
    else expect(stderr).toMatch(expected)
  })
})

test('an old Node is told so, before anything else breaks', () => {
  const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.8'})"
  const { status, stderr } = seamripper(['map'], { cwd: here, env: { NODE_OPTIONS: `--import="${old}"` } })
  expect([status, stderr]).toEqual([2, 'seamripper: This is Node 18.20.8, and 20.19 or newer is needed.\n'])
})
