import { expect, test } from 'vitest'
import { matchesGlob } from '../../analyzers/workspace/glob.js'

test.each([
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages', false],
  ['packages/*', 'packages/a/b', false],
  ['packages/**', 'packages/a/b', true],
  ['packages/**', 'packages', true],
  ['**', 'a/b/c', true],
  ['**/lib', 'lib', true],
  ['**/lib', 'a/b/lib', true],
  ['**/lib', 'a/b/lib/x', false],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z', true],
  ['a/**/m/**/z', 'a/b/m/z/q/z', true],
  ['services/*-service', 'services/billing-service', true],
  ['services/*-service', 'services/billing', false],
  ['services/*a*b', 'services/xxaxxab', true],
  ['app?', 'app1', true],
  ['app?', 'app', false],
  ['backend', 'backend', true],
  ['backend', 'backend2', false],
  ['[ab]', 'a', false],
  [`${'*a'.repeat(2000)}b`, 'a'.repeat(5000), false],
  [`${'**/a/'.repeat(1000)}b`, 'a/'.repeat(3000), false],
])('%.40s, %.40s: %s', (glob, path, expected) => {
  expect(matchesGlob(glob, path)).toBe(expected)
})
