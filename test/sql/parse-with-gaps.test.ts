import { expect, test } from 'vitest'
import { parseWithGaps } from '../../analyzers/sql/parse-with-gaps.js'
import type { Template } from '../../analyzers/sql/render.js'

/** Pieces in order; a list is a gap with these alternatives. */
function template(...pieces: (string | string[])[]): Template {
  const made = pieces.map((piece, token) =>
    typeof piece === 'string' ? piece : { token, hole: { code: 'x' }, alternatives: piece },
  )
  return { pieces: made, gaps: made.filter(piece => typeof piece !== 'string') }
}

/** Texts that are tried, where the parser stops at the first `!` and takes a text without one. */
function tried(of: Template, stopsAtFirstUnfit: boolean): string[] {
  const texts: string[] = []
  parseWithGaps(of, text => {
    texts.push(text)
    const offset = text.indexOf('!')
    return offset < 0 ? { ast: [] } : { error: 'syntax error', offset, stopsAtFirstUnfit }
  })
  return texts
}

const operands = ['1', "'1'", '(1)']

test.each([
  ['the first text that is taken ends it', template('a = ', operands), true, ['a = 1']],
  [
    'operands are tried where the misfit is right behind them',
    template('a = ', operands, ' !'),
    true,
    ['a = 1 !', "a = '1' !", 'a = (1) !'],
  ],
  ['but not where it is further on', template('a = ', operands, ' AND !'), true, ['a = 1 AND !']],
  [
    'unless the parser may have stopped late',
    template('a = ', operands, ' AND !'),
    false,
    ['a = 1 AND !', "a = '1' AND !", 'a = (1) AND !'],
  ],
  [
    'of gaps side by side the last comes first',
    template(['a', 'b'], ' ', ['c', 'd'], ' !'),
    true,
    ['a c !', 'a d !', 'b d !'],
  ],
  ['a gap behind the misfit mends nothing', template('a ! b ', operands), true, ['a ! b 1']],
])('%s', (_, input, stopsAtFirstUnfit, expected) => {
  expect(tried(input, stopsAtFirstUnfit)).toEqual(expected)
})
