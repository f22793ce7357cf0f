/** Texts of the units of earlier runs, those of each unit a value of its own: few runs ask for any. */
import { type Cache, keyOf } from '../../cache/index.js'
import type { Shape } from '../../cache/shape.js'

export interface KeptTexts {
  /** Keeps what the texts of a unit are made of, and gives its key. */
  put(items: unknown): string
  has(key: string): boolean
  /** @throws where what there is has another shape */
  get<T>(key: string, shape: Shape<T>): T
}

export function createKeptTexts(cache: Cache): KeptTexts {
  return {
    put(items) {
      const key = keyOf(JSON.stringify(items)).slice(0, 22)
      if (!cache.has('texts', key)) cache.put('texts', key, items)
      return key
    },
    has: key => cache.has('texts', key),
    get(key, shape) {
      const items = cache.get('texts', key, shape)
      if (items === null) throw new Error('What the cache has as texts is none')
      return items
    },
  }
}
