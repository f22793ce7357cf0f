import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { analyze } from '../../analyzers/index.js'
import type { Access, DependencyMap } from '../../analyzers/model.js'

/** Files by path. */
export type Files = Record<string, string>

/** Runs the public `analyze` on files in a temporary folder; a package.json with what they import is added. */
export async function mapOf(files: Files): Promise<DependencyMap> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'seamripper-')))
  try {
    for (const [path, text] of Object.entries({ 'package.json': packageJson(files), ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return await analyze({ root })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** `src/a.ts:3 read users; write orders` for each access, `src/a.ts:9 ? reason` for what is unresolved. */
export async function accessesOf(files: Files): Promise<string[]> {
  return linesOf(await mapOf(files))
}

/** The same lines from a map. An access inside of a transaction ends in `; tx`, its begin is a line `… begin`. */
export function linesOf(map: DependencyMap): string[] {
  const begins = new Set(map.accesses.flatMap(({ transaction }) => transaction ?? []))
  return [
    ...map.accesses.map(access => `${access.file}:${access.line} ${touched(access)}`),
    ...map.unresolved.map(({ file, line, reason }) => `${file}:${line} ? ${reason}`),
    ...[...begins].map(place => `${place} begin`),
  ].sort(byPlace)
}

/** Tables that the statement itself names: what lies under a view or in a routine is left out. */
function touched({ tables, transaction }: Access): string {
  const named = tables.filter(({ via }) => via === undefined)
  const groups = (['read', 'write', 'ddl'] as const).flatMap(op => {
    const names = named
      .filter(table => table.op === op)
      .map(({ schema, table }) => (schema === null ? table : `${schema}.${table}`))
    return names.length === 0 ? [] : [`${op} ${[...new Set(names)].sort().join(', ')}`]
  })
  return [...groups, ...(transaction === null ? [] : ['tx'])].join('; ')
}

function byPlace(a: string, b: string): number {
  const [, fileA, lineA] = /^(.*?):(\d+) /s.exec(a)!
  const [, fileB, lineB] = /^(.*?):(\d+) /s.exec(b)!
  return fileA! < fileB! ? -1 : fileA! > fileB! ? 1 : Number(lineA) - Number(lineB) || (a < b ? -1 : 1)
}

/** A service whose dependencies are the packages that its files import. */
function packageJson(files: Files): string {
  const imports = Object.values(files).flatMap(text =>
    [...text.matchAll(/(?:from|require\(|import\()\s*'([^'.][^']*)'/g)].map(([, name]) => name!),
  )
  const names = imports.map(name =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  )
  return JSON.stringify({
    name: 'app',
    dependencies: Object.fromEntries(
      names.filter(name => !name.startsWith('node:')).map(name => [name, '*']),
    ),
  })
}

/**
 * What marks in the files expect: `pool.query(q) //=> read users`, on the line where the call begins; two calls on one
 * line are parted by ` | `. Marks are cut off before the analysis, so they may stand inside of a template too.
 */
export function readMarks(files: Files): { files: Files; expected: string[] } {
  const expected: string[] = []
  const plain = Object.entries(files).map(([path, text]) => {
    const lines = text.split('\n').map((line, index) => {
      const [code, mark] = line.split(/\s*(?:\/\/|--)=>\s*/)
      for (const each of mark?.split(' | ') ?? []) expected.push(`${path}:${index + 1} ${canonical(each)}`)
      return code!
    })
    return [path, lines.join('\n')]
  })
  return { files: Object.fromEntries(plain), expected: expected.sort(byPlace) }
}

/** `write b; read c, a` -> `read a, c; write b`. */
function canonical(mark: string): string {
  if (mark.startsWith('?')) return mark.trim()
  const order = ['read', 'write', 'ddl', 'tx', 'begin']
  return mark
    .trim()
    .split(/\s*;\s*/)
    .map(group => {
      const [op, ...names] = group.split(/[\s,]+/)
      return names.length === 0 ? op! : `${op} ${names.sort().join(', ')}`
    })
    .sort((a, b) => order.indexOf(a.split(' ')[0]!) - order.indexOf(b.split(' ')[0]!))
    .join('; ')
}

/** Lines found for marked files, beside what the marks say. A mark `?` stands for any reason. */
export async function foundAndExpected(marked: Files): Promise<{ found: string[]; expected: string[] }> {
  const { files, expected } = readMarks(marked)
  const anyReason = new Set(expected.filter(line => line.endsWith(' ?')))
  const found = (await accessesOf(files)).map(line => {
    const short = line.replace(/ \? .*$/s, ' ?')
    return anyReason.has(short) ? short : line
  })
  return { found: found.filter((line, at) => !line.endsWith(' ?') || line !== found[at - 1]), expected }
}
