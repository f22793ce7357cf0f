import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { BadUsage } from '../../bin/bad-usage.js'
import { linkTemplate } from '../../bin/link-template.js'
import { linkTo } from '../../reports/text/link.js'
import { folderWith } from './run.js'

const AT = { file: 'services/orders/src/index.ts', line: 12 }

describe('presets', () => {
  test.each([
    ['github:acme/shop', 'https://github.com/acme/shop/blob/HEAD/services/orders/src/index.ts#L12'],
    ['github:acme/shop@v1.2', 'https://github.com/acme/shop/blob/v1.2/services/orders/src/index.ts#L12'],
    [
      'github:acme/shop@feature/x',
      'https://github.com/acme/shop/blob/feature/x/services/orders/src/index.ts#L12',
    ],
    [
      'gitlab:acme/group/shop@main',
      'https://gitlab.com/acme/group/shop/-/blob/main/services/orders/src/index.ts#L12',
    ],
    [
      'bitbucket:acme/shop@main',
      'https://bitbucket.org/acme/shop/src/main/services/orders/src/index.ts#lines-12',
    ],
    ['https://git.example/{file}?at={line}', 'https://git.example/services/orders/src/index.ts?at=12'],
    ['myeditor://open/{file}:{line}', 'myeditor://open/services/orders/src/index.ts:12'],
  ])('%s', (given, expected) => {
    expect(linkTo(AT, linkTemplate(given, folderWith({})))).toBe(expected)
  })

  test('editors open the file on this machine', () => {
    const root = pathToFileURL(resolve('a folder')).pathname
    expect(linkTo(AT, linkTemplate('vscode', 'a folder'))).toBe(
      `vscode://file${root}/services/orders/src/index.ts:12`,
    )
    expect(linkTo(AT, linkTemplate('idea', 'a folder'))).toBe(
      `idea://open?file=${root}/services/orders/src/index.ts&line=12`,
    )
  })

  test('a site knows files from the top of the repository', () => {
    const top = folderWith({ 'apps/shop one/package.json': '{}' })
    mkdirSync(join(top, '.git'))
    expect(linkTo(AT, linkTemplate('github:acme/mono@main', join(top, 'apps/shop one')))).toBe(
      'https://github.com/acme/mono/blob/main/apps/shop%20one/services/orders/src/index.ts#L12',
    )
  })
})

describe('refused', () => {
  test.each([
    ['javascript:alert({file})', /must not begin with javascript:/],
    ['JavaScript:alert({file})', /must not begin with javascript:/],
    [' javascript:alert({file})', /must not begin with javascript:/],
    ['java\nscript:alert({file})', /must not begin with javascript:/],
    ['data:text/html,{file}', /must not begin with data:/],
    ['vbscript:{file}', /must not begin with vbscript:/],
    ['{file}:alert(1)', /is no URL/],
    ['../{file}', /is no URL/],
    ['github', /is no URL/],
    ['', /is no URL/],
    ['https://git.example/{line}', /needs \{file\}/],
    ['github:acme', /needs \{file\}/],
    ['constructor:a/b', /needs \{file\}/],
  ])('%j', (given, message) => {
    expect(() => linkTemplate(given, '.')).toThrow(BadUsage)
    expect(() => linkTemplate(given, '.')).toThrow(message)
  })
})

test('a file can only be in the path', () => {
  const link = (file: string) => linkTo({ file, line: 1 }, 'https://git.example/{file}#L{line}')
  expect(link('a b/c#d?e%f.ts')).toBe('https://git.example/a%20b/c%23d%3Fe%25f.ts#L1')
  expect(link('$&/{line}/<">.ts')).toBe('https://git.example/%24%26/%7Bline%7D/%3C%22%3E.ts#L1')
  expect(linkTo({ file: 'javascript:alert(1)', line: 1 }, '{file}')).toBe('javascript%3Aalert%281%29')
})
