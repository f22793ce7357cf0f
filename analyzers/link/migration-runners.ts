/** Code that runs migrations: what these do is told of the scripts themselves, once, and is no access of the runner. */
import { roleOf } from '../catalogue/index.js'
import { leavesOf, type Piece } from './evaluator/pieces.js'
import type { Execution } from './trace/executions.js'
import { scriptPlaces } from './trace/places.js'

/**
 * Whether what is executed are scripts of a series of migrations, two or more: which of them is asked of a folder. One
 * script that is named in the code is an access like any other, and so are numbered scripts that only read.
 */
export function runsMigrations(execution: Execution): boolean {
  const files = new Set(scriptPlaces(execution).map(({ file }) => file))
  return files.size > 1 && [...files].every(isOfSeries) && execution.texts.some(changesSomething)
}

function changesSomething(pieces: Piece[]): boolean {
  return leavesOf(pieces).some(piece => piece.kind === 'text' && CHANGE.test(piece.text))
}

const CHANGE =
  /\b(?:create|alter|drop|rename|insert|update|delete|truncate|merge|replace|grant|revoke|comment|set|call|exec(?:ute)?|do|begin|copy|refresh)\b/i

function isOfSeries(path: string): boolean {
  const { kind } = roleOf(path)
  return kind === 'versioned' || kind === 'repeatable' || kind === 'undo' || OF_MIGRATIONS.test(path)
}

/** A folder that is named after migrations: its scripts may have names without versions, in an order that the code knows. */
const OF_MIGRATIONS = /(?:^|\/)(?:[^/]+[-_.])?migrations?(?:[-_.][^/]+)?\//i
