import { readFileSync } from 'node:fs'
import { mapShape } from '../cache/map-shape.js'
import { GateError } from '../gate/gate-error.js'
import type { DependencyMap } from '../model.js'

/**
 * A map that `map --format json` wrote.
 *
 * @throws GateError if the file holds none
 */
export function savedMap(file: string): DependencyMap {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new GateError(`Can't read the map ${file}: ${(error as Error).message}`)
  }
  if (mapShape(value)) return value
  throw new GateError(
    `${file} holds no map as this version knows it. Write it anew: seamripper map --format json --output ${file}`,
  )
}
