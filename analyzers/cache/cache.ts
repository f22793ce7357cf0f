/** What stages know of the cache: results of earlier runs by what they were made from. Where they lie is not told. */
import { hash } from 'node:crypto'
import type { Shape } from './shape.js'

export interface Cache {
  /**
   * What was put under a key, in this run or an earlier one; null where there is nothing or nothing usable.
   *
   * @param key tells all that the value was made from: a hash of it, or the text itself where that is short
   */
  get<T>(namespace: Namespace, key: string, shape: Shape<T>): T | null
  /** Whether there is something under a key: `get` may find that it is not usable. */
  has(namespace: Namespace, key: string): boolean
  /** Keeps a value of plain data. */
  put(namespace: Namespace, key: string, value: unknown): void
}

/** One file each, so that a run reads only what it needs. */
export const NAMESPACES = [
  'map',
  'basis',
  'scans',
  'reach',
  'outside',
  'settings',
  'facts',
  'sql',
  'scripts',
  'units',
  'texts',
  'executed',
  'rewrites',
  'layouts',
  'revisions',
] as const
export type Namespace = (typeof NAMESPACES)[number]

/** Hash of several texts, so that no two lists of texts have the same. */
export function keyOf(...texts: string[]): string {
  return hash('sha256', texts.map(text => `${text.length}:${text}`).join(''), 'base64url')
}

/** Keeps nothing. */
export const noCache: Cache = { get: () => null, has: () => false, put: () => {} }
