/** What binds a statement to its connection. */
import type { Declared } from '../site/imported.js'
import type { Node } from '../site/parse.js'
import { codeOf, type SourceFile } from '../site/source-file.js'
import { placeIn } from './functions.js'

const GIVES_CURRENT = /(?:transaction|tx|trx|current|store|session|context)\w*\(\)$/i

/** Why a statement can't leave its connection; or what it runs on otherwise. */
export interface Bond {
  /**
   * `current`: what is open around it, if a transaction is. `settings`: the session has some of its own, such as a
   * tenant's id. `made`: an object that the repository makes.
   */
  kind: 'transaction' | 'current' | 'settings' | 'unknown' | 'made'
  /** `file:line` of the caller that hands the connection over; null where nobody does. */
  by: string | null
  /** `file:line` of what begins the transaction, makes the settings, or is not known. */
  at: string
  /** What is not known. */
  why: string
  /** Class of the object, or its literal; none of what a driver makes, or a module has. */
  made?: Declared
}

/** What is bound to nothing, and of no class that is looked at: a pool, something of a module. */
export const FREE: Bond[] = [{ kind: 'made', by: null, at: '', why: '' }]

/** What a driver makes of something is of its own classes. */
export function ofDriver(bonds: Bond[]): Bond[] {
  return [...FREE, ...bonds.filter(({ kind }) => kind !== 'made')]
}

export function unknown(file: SourceFile, node: Node, why?: string): Bond[] {
  return [{ ...bond('unknown', file, node), why: why ?? `what \`${shown(file, node)}\` is, is not known` }]
}

/** What is taken of something that is not seen: a method may give the connection of a transaction that is open around. */
export function unseen(file: SourceFile, node: Node, path: readonly string[]): Bond[] {
  const step = path.find(each => GIVES_CURRENT.test(each))
  if (step === undefined) return unknown(file, node)
  const of = shown(file, node)
  const given = step === `${of}()` ? `\`${step}\`` : `\`${step}\` of \`${of}\``
  return [{ ...bond('current', file, node), why: `${given} may give its connection` }]
}

export function givesCurrent(path: readonly string[]): boolean {
  return path.some(step => GIVES_CURRENT.test(step))
}

function shown(file: SourceFile, node: Node): string {
  const code = codeOf(file, node).replace(/\s+/g, ' ')
  return code.length > 60 ? `${code.slice(0, 59)}…` : code
}

export function handedBy(by: string, bonds: Bond[]): Bond[] {
  return bonds.map(each => ({ ...each, by: each.by ?? by }))
}

export function bond(kind: Bond['kind'], file: SourceFile, node: Node): Bond {
  return { kind, by: null, at: placeIn(file, node), why: '' }
}

export function distinct(bonds: Bond[]): Bond[] {
  const found = new Map(bonds.map(each => [`${each.kind} ${each.by} ${each.at}`, each]))
  return [...found.values()]
}
