/** What calls may run as plain data, and back. */
import { bool, byKind, count, list, maybe, nullable, only, text } from '../../cache/shape.js'
import type { Value } from '../evaluator/values.js'
import type { Target } from '../targets.js'
import { driverNamed } from './drivers-by-name.js'
import type { ValueEncoder } from './encode-values.js'

type Kind<K extends Target['kind']> = Extract<Target, { kind: K }>

export type TargetData =
  /** `self` is the id of a value. */
  | (Omit<Kind<'function'>, 'self'> & { self: number | null })
  | (Omit<Kind<'driver'>, 'driver'> & { driver: string })
  | Kind<'bound' | 'interface' | 'external' | 'unknown'>

const handed = maybe(count)

export const targetShape = byKind<TargetData>({
  function: { file: text, fn: count, self: nullable(count), handed },
  bound: { file: text, fn: count, behind: count, handed },
  driver: {
    driver: text,
    path: list(text),
    origin: nullable(text),
    isHandle: bool,
    preparedAt: maybe(text),
    handed,
  },
  interface: { file: text, name: text, method: text, handed },
  external: { module: text, path: list(text), handed },
  unknown: { receiver: text, method: text, isComputed: maybe(only(true)), handed },
})

/** Null where a method's object can't be kept. */
export function encodeTarget(target: Target, values: ValueEncoder): TargetData | null {
  if (target.kind === 'driver') return { ...target, driver: target.driver.name }
  if (target.kind !== 'function') return target
  const self = target.self === null ? null : values.idOf(target.self)
  return self === null && target.self !== null ? null : { ...target, self }
}

/** Null where it speaks of drivers or values that there are not. */
export function decodeTargets(encoded: TargetData[], values: unknown[]): Target[] | null {
  const targets: Target[] = []
  for (const each of encoded) {
    if (each.kind === 'driver') {
      const driver = driverNamed(each.driver)
      if (driver === null) return null
      targets.push({ ...each, driver })
    } else if (each.kind !== 'function') targets.push(each)
    else {
      const self = each.self === null ? null : (values[each.self] as Value | undefined)
      if (self === undefined) return null
      targets.push({ ...each, self })
    }
  }
  return targets
}
