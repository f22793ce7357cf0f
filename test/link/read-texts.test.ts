import { expect, test } from 'vitest'
import type { Piece } from '../../analyzers/link/evaluator/pieces.js'
import { readTexts } from '../../analyzers/link/statements.js'
import { createSqlAnalyzer, loadParsers, type SqlAnalyzer } from '../../analyzers/sql/index.js'

const sql = createSqlAnalyzer(await loadParsers(['postgresql']))

const text = (of: string): Piece => ({ kind: 'text', text: of, file: 'a.ts', line: 1 })
const oneOf = (...options: string[]): Piece =>
  ({ kind: 'choice', of: options.map(option => [text(option)]) }) as Piece

/** What texts do, and which of them were given to the parsers. */
function read(...pieces: Piece[]) {
  const parsed: string[] = []
  const watched: SqlAnalyzer = {
    analyze(parts, dialect, by) {
      if (by !== 'tokens') parsed.push(parts.join('').trim())
      return sql.analyze(parts, dialect, by)
    },
  }
  const done = readTexts([pieces], watched, 'postgresql')!
  return {
    tables: done.tables.map(({ name, op }) => `${op} ${name}`),
    routines: done.routines.map(({ name }) => name),
    parsed,
  }
}

test('of texts that differ in a condition one is parsed', () => {
  const { tables, parsed } = read(
    text('SELECT count(*) FROM a WHERE true'),
    oneOf(' AND b = 1', ''),
    oneOf(' AND c = 1', ''),
    oneOf(' LIMIT 1', ' LIMIT 2', ''),
  )
  expect(tables).toEqual(['read a'])
  expect(parsed).toEqual(['SELECT count(*) FROM a WHERE true AND b = 1 AND c = 1 LIMIT 1'])
})

test('what an option adds is found', () => {
  const { tables, routines } = read(
    text('SELECT * FROM '),
    oneOf('a', 'b'),
    oneOf('', ' JOIN c ON true', ' WHERE id IN (SELECT id FROM d)', ' WHERE f(id)'),
  )
  expect(tables.sort()).toEqual(['read a', 'read b', 'read c', 'read d'])
  expect(routines).toEqual(['f'])
})

test('a text that no parser takes has no say in which are parsed', () => {
  const { tables, parsed } = read(text('SELECT * FROM a '), oneOf('WHERE )', 'WHERE b = 1', 'WHERE b = 2'))
  expect(tables).toEqual(['read a'])
  expect(parsed).toEqual(['SELECT * FROM a WHERE )', 'SELECT * FROM a WHERE b = 1'])
})
