import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import fc from '../support/fast-check.js'
import { makeTree, outcomeOf } from './helper.js'

/** Real files, broken at random: nothing ends the run, and no table is found that was not there before. */
const runs = Number(process.env.RUNS ?? 30)

const fixture = join(import.meta.dirname, '../../fixtures/nilecare')
const sources = readdirSync(fixture, { recursive: true, encoding: 'utf8' })
  .filter(path => /\bsrc\b.*\.ts$/.test(path))
  .sort()
  .map(path => readFileSync(join(fixture, path), 'utf8'))
  .filter(text => /\b(?:query|execute)\b/.test(text))

/** What an editor, a merge or a copy does to a file. None of these changes a word. */
type Damage = (text: string, at: number, size: number) => string
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
const lineEnd = (text: string, at: number): number => (text.indexOf('\n', at) + 1 || text.length + 1) - 1
/** From the next bracket, quote or comma behind a place. */
const nextMark = (text: string, at: number): number => {
  const found = text.slice(at).search(/[()[\]{},;'"`]/)
  return found === -1 ? text.length : at + found
}
const damages: Record<string, Damage> = {
  'a mark is missing': (text, at) => text.slice(0, nextMark(text, at)) + text.slice(nextMark(text, at) + 1),
  'a mark is there twice': (text, at) =>
    text.slice(0, nextMark(text, at) + 1) + text.slice(nextMark(text, at)),
  'the end is missing': (text, at) => text.slice(0, lineEnd(text, at)),
  'lines are missing': (text, at, size) =>
    text.slice(0, lineStart(text, at)) + text.slice(lineEnd(text, Math.min(text.length, at + size))),
  'marks of a conflict': (text, at, size) => {
    const [from, to] = [lineStart(text, at), lineEnd(text, Math.min(text.length, at + size))]
    const lines = text.slice(from, to)
    return `${text.slice(0, from)}<<<<<<< HEAD\n${lines}\n=======\n${lines}\n>>>>>>> theirs${text.slice(to)}`
  },
}

async function tablesIn(text: string): Promise<Set<string>> {
  const { map } = await outcomeOf(makeTree({ 'src/a.ts': text }))
  const accesses = map.accesses.filter(({ file }) => file === 'src/a.ts')
  return new Set(accesses.flatMap(({ tables }) => tables.map(({ table }) => table)))
}

describe('a file of the fixture, broken at random', () => {
  test.each(Object.keys(damages))('%s', async name => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(200),
        async (text, place, size) => {
          const broken = damages[name]!(text, Math.floor(place * (text.length - 1)), size)
          const before = await tablesIn(text)
          const after = await tablesIn(broken)
          const invented = [...after].filter(table => !before.has(table))
          expect({ invented, broken }).toEqual({ invented: [], broken })
        },
      ),
      { numRuns: runs },
    )
  })
})
