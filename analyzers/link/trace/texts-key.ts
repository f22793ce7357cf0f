/** Tells the texts of an execution, so that what was read of them is found again in a later run. */
import { keyOf } from '../../cache/index.js'
import type { Piece } from '../evaluator/pieces.js'
import type { Execution } from './executions.js'

/**
 * The same for texts that say the same, wherever they stand. What is chosen of a choice is so wherever that very choice is in a text, so it
 * counts where the same one stands again; that two texts share one does not.
 */
export function textsKeyOf(execution: Execution): string {
  execution.textsKey ??= keyOf(...execution.texts.map(keyOfText)).slice(0, 22)
  return execution.textsKey
}

/** The same for one text. */
export function keyOfText(text: Piece[]): string {
  const choices: number[] = []
  const numbers = new Map<Piece, number>()
  const visit = (pieces: Piece[]): void => {
    for (const piece of pieces) {
      if (piece.kind !== 'choice') continue
      const known = numbers.get(piece)
      choices.push(known ?? numbers.size)
      if (known !== undefined) continue
      numbers.set(piece, numbers.size)
      for (const option of piece.of) visit(option)
    }
  }
  visit(text)
  return `${contentOf(text)}\0\0${choices.join()}`
}

function contentOf(pieces: Piece[]): string {
  return pieces.map(piece => (piece.kind === 'choice' ? hashOf(piece) : leafOf(piece))).join('\0')
}

function leafOf(piece: Exclude<Piece, { kind: 'choice' }>): string {
  switch (piece.kind) {
    case 'text':
      return `t${piece.repeats ?? ''}\0${piece.partly ?? ''}\0${piece.text}`
    case 'hole':
      return `h${piece.code}`
    case 'param': {
      const { file, fn, index, path } = piece.param
      return `p${file}\0${fn}\0${index}\0${path.join('.')}`
    }
  }
}

const hashes = new WeakMap<Piece, string>()

/** Of a choice, that texts share and that may hold others: each is looked into once. */
function hashOf(choice: Piece & { kind: 'choice' }): string {
  let hash = hashes.get(choice)
  if (hash === undefined) {
    hash = keyOf(`c${choice.test ?? ''}`, ...choice.of.map(contentOf)).slice(0, 22)
    hashes.set(choice, hash)
  }
  return hash
}
