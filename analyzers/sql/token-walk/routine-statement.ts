import type { Frame } from './frame.js'
import { readHead } from './heads/index.js'
import type { Walk } from './walk.js'

/** Words after BEGIN that belong to it. */
const AFTER_BEGIN = new Set(['ATOMIC', 'TRY', 'CATCH', 'NOT'])

/** Words after END that belong to it. */
const AFTER_END = new Set(['IF', 'LOOP', 'WHILE', 'CASE', 'REPEAT', 'FOR', 'TRY', 'CATCH'])

/** Statements of routines that name tables in subqueries only. */
const PLAIN = new Set([
  'EXCEPTION',
  'IF',
  'ELSIF',
  'ELSEIF',
  'WHILE',
  'WHEN',
  'CASE',
  'UNTIL',
  'RAISE',
  'SIGNAL',
  'SET',
  'PRINT',
  'ASSERT',
  'EXIT',
  'CONTINUE',
  'LEAVE',
  'ITERATE',
  'GET',
])

/** How far `FOR r IN` and `OPEN c FOR` may reach, in tokens. */
const LOOK_AHEAD = 8

/** Index after a word that opens or closes a block, with the word that belongs to it. */
export function afterBlockWord({ tokens }: Walk, at: number): number {
  const { upper } = tokens[at]!
  const next = tokens[at + 1]?.upper ?? ''
  if (upper === 'END') return AFTER_END.has(next) ? at + 2 : at + 1
  return upper === 'BEGIN' && AFTER_BEGIN.has(next) ? at + 2 : at + 1
}

/**
 * Begin of a statement that only routines have. Returns the index to go on from, or -1 if it is none.
 * Where a query or another statement follows, the frame stays at its start.
 */
export function beginRoutineStatement(walk: Walk, frame: Frame, at: number): number {
  const { tokens } = walk
  const { upper } = tokens[at]!
  const next = tokens[at + 1]
  if (PLAIN.has(upper)) {
    frame.clause = 'other'
    return at + 1
  }
  switch (upper) {
    case 'BEGIN':
    case 'ELSE':
    case 'LOOP':
    case 'END':
    case 'THEN':
      return afterBlockWord(walk, at)
    case 'REPEAT':
      return next?.value === '(' ? -1 : at + 1
    case 'DECLARE': {
      const head = readHead(walk, at)!
      frame.clause = head.follows === 'rest' ? 'other' : 'start'
      return head.next
    }
    case 'RETURN':
      if (next?.upper === 'QUERY') return at + 2
      frame.verb = 'SELECT'
      frame.clause = 'select'
      return next?.upper === 'NEXT' ? at + 2 : at + 1
    case 'FOR':
    case 'FOREACH': {
      // `FOR r IN [EXECUTE] query LOOP`, `FOR i IN REVERSE 9..1`, `FOR c CURSOR FOR query DO`
      const found = findWord(walk, at + 1, 'IN', 'FOR')
      if (found < 0) return at + 1
      return tokens[found + 1]?.upper === 'REVERSE' ? found + 2 : found + 1
    }
    case 'OPEN': {
      const found = findWord(walk, at + 1, 'FOR')
      if (found >= 0) return found + 1
      frame.clause = 'other'
      return at + 1
    }
    default:
      return -1
  }
}

function findWord({ tokens, to }: Walk, at: number, ...words: string[]): number {
  for (let i = at; i < to && i < at + LOOK_AHEAD; i++) {
    if (tokens[i]!.kind === 'end') return -1
    if (words.includes(tokens[i]!.upper)) return i
  }
  return -1
}
