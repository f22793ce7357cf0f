import { EventEmitter } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BadUsage } from '../../bin/bad-usage.js'
import { forLog, repositoryLink, repositoryPrefix } from '../../bin/ci.js'
import { formatFor } from '../../bin/format.js'
import { checkOutput, writeOutput } from '../../bin/output.js'
import { progressLine } from '../../bin/progress.js'
import { type Stream, wantsColour, widthOf } from '../../bin/screen.js'
import { isTooOld } from '../../bin/version.js'

const TERMINAL: Stream = { isTTY: true, columns: 120 }
const PIPE: Stream = {}

describe('width', () => {
  test.each<[string, Stream, number]>([
    ['a pipe', PIPE, 100],
    ['a terminal', TERMINAL, 120],
    ['a narrow terminal', { isTTY: true, columns: 20 }, 60],
    ['a wide terminal', { isTTY: true, columns: 400 }, 160],
    ['a terminal that does not tell', { isTTY: true }, 100],
  ])('%s', (_, stream, expected) => {
    expect(widthOf(stream)).toBe(expected)
  })
})

describe('colour', () => {
  test.each<[string, Stream, boolean | undefined, NodeJS.ProcessEnv, boolean]>([
    ['a terminal', TERMINAL, undefined, {}, true],
    ['a pipe', PIPE, undefined, {}, false],
    ['a pipe in CI', PIPE, undefined, { CI: '1' }, false],
    ['a dumb terminal', TERMINAL, undefined, { TERM: 'dumb' }, false],
    ['NO_COLOR', TERMINAL, undefined, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', TERMINAL, undefined, { NO_COLOR: '' }, true],
    ['FORCE_COLOR', PIPE, undefined, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', TERMINAL, undefined, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR before FORCE_COLOR', TERMINAL, undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['--color before all', PIPE, true, { NO_COLOR: '1' }, true],
    ['--no-color before all', TERMINAL, false, { FORCE_COLOR: '1' }, false],
  ])('%s', (_, stream, flag, env, expected) => {
    expect(wantsColour(stream, flag, env)).toBe(expected)
  })
})

describe('progress', () => {
  function recording(isTTY: boolean) {
    const written: string[] = []
    let time = 0
    const line = progressLine({ isTTY, columns: 20, write: text => written.push(text) }, () => time)
    return { line, written, wait: (milliseconds: number) => (time += milliseconds) }
  }

  test('writes over one line, and clears it', () => {
    const { line, written, wait } = recording(true)
    line.show('extract', 1, 10)
    line.show('extract', 2, 10)
    wait(60)
    line.show('extract', 3, 10)
    line.show('link', 0, 0)
    line.clear()
    expect(written).toEqual(
      ['extract 1 of 10', 'extract 3 of 10', 'link', ''].map(text => `\r\u001b[K${text}`),
    )
  })

  test('is cleared by Ctrl-C, which then ends the program as ever', () => {
    const written: string[] = []
    const emitter = new EventEmitter()
    const program = Object.assign(emitter, {
      pid: 7,
      kill: (pid: number, signal: string) =>
        written.push(`${signal} to ${pid}, ${emitter.listenerCount(signal)} heard`),
    })
    const stream = { isTTY: true, columns: 20, write: (text: string) => written.push(text) }
    const line = progressLine(stream, () => 0, program as unknown as NodeJS.Process)
    expect(emitter.listenerCount('SIGINT')).toBe(0)
    line.show('reading', 1, 10)
    line.show('linking', 1, 10)
    expect(emitter.listenerCount('SIGINT')).toBe(1)
    emitter.emit('SIGINT')
    expect(written.slice(2)).toEqual(['\r\u001b[K', 'SIGINT to 7, 0 heard'])
    line.show('reading', 2, 10)
    line.clear()
    expect(emitter.listenerCount('SIGINT')).toBe(0)
  })

  test('a terminal that does not know its width, and thousands', () => {
    const written: string[] = []
    progressLine({ isTTY: true, columns: 0, write: text => written.push(text) }).show('reading', 100, 2861)
    expect(written).toEqual(['\r\u001b[Kreading 100 of 2,861'])
  })

  test('never exceeds the line', () => {
    const { line, written } = recording(true)
    line.show('a stage with a long name', 1, 10)
    expect(written).toEqual(['\r\u001b[Ka stage with a long'])
  })

  test('is silent where there is no terminal', () => {
    const { line, written } = recording(false)
    line.show('extract', 1, 10)
    line.clear()
    expect(written).toEqual([])
  })

  test('clears nothing that was not drawn', () => {
    const { line, written } = recording(true)
    line.clear()
    expect(written).toEqual([])
  })
})

describe('output', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'seamripper-output-'))

  test('writes a new file and leaves nothing else', () => {
    const here = folder()
    writeOutput(join(here, 'map.md'), 'text')
    expect([readFileSync(join(here, 'map.md'), 'utf8'), readdirSync(here)]).toEqual(['text', ['map.md']])
  })

  test('replaces a file', () => {
    const file = join(folder(), 'map.md')
    writeFileSync(file, 'old, and longer')
    writeOutput(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
  })

  test('follows a link', () => {
    const here = folder()
    writeFileSync(join(here, 'real.md'), 'old')
    symlinkSync('real.md', join(here, 'link.md'))
    writeOutput(join(here, 'link.md'), 'new')
    expect(readFileSync(join(here, 'real.md'), 'utf8')).toBe('new')
  })

  test('writes to a device instead of replacing it', () => {
    writeOutput('/dev/null', 'text')
    expect(() => checkOutput('/dev/null')).not.toThrow()
  })

  test.each<[what: string, file: (folder: string) => string, message: RegExp]>([
    [
      'a folder that does not exist',
      here => join(here, 'none', 'map.md'),
      /There is no folder .*none to write map\.md to/,
    ],
    ['a folder', here => here, /is a folder\. Give a file in it/],
    ['nothing', () => '', /needs a file/],
  ])('refuses %s', (_, file, message) => {
    expect(() => checkOutput(file(folder()))).toThrow(message)
  })

  test('says so if the system refuses', () => {
    const here = folder()
    mkdirSync(join(here, 'taken'))
    const file = join(here, 'none', 'map.md')
    expect(() => writeOutput(file, 'text')).toThrow(
      new BadUsage(`Can't write ${file}: ENOENT: no such file or directory`),
    )
  })
})

describe('the format', () => {
  const formats = {
    summary: { describe: '' },
    html: { describe: '', ending: '.html' },
    junit: { describe: '', ending: '.xml' },
    checkstyle: { describe: '', ending: '.xml' },
  }

  test.each<[given: keyof typeof formats | undefined, output: string | undefined, expected: string]>([
    [undefined, undefined, 'summary'],
    [undefined, 'map.html', 'html'],
    [undefined, 'docs/MAP.HTML', 'html'],
    [undefined, 'map.txt', 'summary'],
    [undefined, '.html', 'summary'],
    [undefined, 'map', 'summary'],
    ['summary', 'map.html', 'summary'],
    ['junit', 'report.xml', 'junit'],
  ])('%j, into %j, is %s', (given, output, expected) => {
    expect(formatFor(formats, given, output)).toBe(expected)
  })

  test('is asked for where the ending is that of several', () => {
    expect(() => formatFor(formats, undefined, 'report.xml')).toThrow(
      new BadUsage('report.xml can be of several formats. Say which: --format junit or checkstyle.'),
    )
  })
})

test.each([
  ['20.19.0', false],
  ['20.18.3', true],
  ['18.20.8', true],
  ['22.1.0', false],
])('Node %s is too old: %j', (release, expected) => {
  expect(isTooOld(release)).toBe(expected)
})

describe('CI', () => {
  test('the way from the top of the repository', () => {
    const top = mkdtempSync(join(tmpdir(), 'seamripper-ci-'))
    mkdirSync(join(top, 'platform/services'), { recursive: true })
    writeFileSync(join(top, '.git'), 'gitdir: elsewhere\n')
    expect([top, join(top, 'platform'), join(top, 'platform/services')].map(repositoryPrefix)).toEqual([
      '',
      'platform/',
      'platform/services/',
    ])
  })

  test.each<[string, NodeJS.ProcessEnv, string | null]>([
    ['nowhere', {}, null],
    [
      'GitHub Actions',
      { GITHUB_SERVER_URL: 'https://host', GITHUB_REPOSITORY: 'o/r', GITHUB_SHA: 'abc' },
      'https://host/o/r/blob/abc/{file}#L{line}',
    ],
    [
      'GitLab CI',
      { CI_PROJECT_URL: 'https://host/o/r', CI_COMMIT_SHA: 'abc' },
      'https://host/o/r/-/blob/abc/{file}#L{line}',
    ],
    ['what is no address', { CI_PROJECT_URL: 'javascript:x', CI_COMMIT_SHA: 'abc' }, null],
  ])('links to files: %s', (_, env, link) => {
    expect(repositoryLink(env)).toBe(link)
  })

  test('commands of CI systems in the SQL of the analysed code are text', () => {
    const text =
      '    ::stop-commands::x\n  a ::text\n##[error]x\n##vso[task.setvariable]\n ##teamcity[x]\n# ## a'
    expect(forLog(text, {})).toBe(text)
    for (const name of ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION']) {
      const safe = forLog(text, { [name]: '1' })
      expect(safe).not.toMatch(/^\s*::|##\w*\[/m)
      expect(safe.replaceAll('\u200b', '')).toBe(text)
    }
  })
})
