/** What calls may run as plain data, and back. */
import { bool, byKind, count, list, nullable, object, only, type Shape, text } from '../../cache/shape.js'
import type { Driver } from '../../drivers/driver.js'
import { engines } from '../../drivers/engines.js'
import { drivers, unknownDriver } from '../../drivers/index.js'
import type { Value } from '../evaluator/values.js'
import type { Target } from '../targets.js'

type Kind<K extends Target['kind']> = Extract<Target, { kind: K }>

type TargetData =
  | (Omit<Kind<'function'>, 'self'> & { self: { isInstance: true; file: string; cls: number } | null })
  | (Omit<Kind<'driver'>, 'driver'> & { driver: string })
  | Kind<'interface' | 'external' | 'unknown'>

const target = byKind<TargetData>({
  function: {
    file: text,
    fn: count,
    self: nullable(object({ isInstance: only(true), file: text, cls: count })),
  },
  driver: { driver: text, path: list(text), origin: nullable(text), isHandle: bool },
  interface: { file: text, name: text, method: text },
  external: { module: text, path: list(text) },
  unknown: { receiver: text, method: text },
})

export const targetsShape: Shape<TargetData[][]> = list(list(target))

/** Null where a method's object is more than an instance of a class: what that one holds is no plain data. */
export function encodeTargets(targets: Target[]): TargetData[] | null {
  const encoded: TargetData[] = []
  for (const each of targets) {
    if (each.kind === 'driver') encoded.push({ ...each, driver: each.driver.name })
    else if (each.kind !== 'function') encoded.push(each)
    else {
      const self = selfOf(each.self)
      if (self === undefined) return null
      encoded.push({ ...each, self })
    }
  }
  return encoded
}

function selfOf(value: Value | null): { isInstance: true; file: string; cls: number } | null | undefined {
  if (value === null) return null
  if (value.kind !== 'instance' || value.frame !== undefined) return undefined
  return { isInstance: true, file: value.file, cls: value.cls }
}

/** Null where a driver is not known. */
export function decodeTargets(encoded: TargetData[]): Target[] | null {
  const targets: Target[] = []
  for (const each of encoded) {
    if (each.kind === 'driver') {
      const driver = driverNamed(each.driver)
      if (driver === null) return null
      targets.push({ ...each, driver })
    } else if (each.kind !== 'function') targets.push(each)
    else {
      const { self } = each
      targets.push({ ...each, self: self && { kind: 'instance', file: self.file, cls: self.cls } })
    }
  }
  return targets
}

const byName = new Map([...drivers, ...engines, unknownDriver].map(driver => [driver.name, driver]))

export function driverNamed(name: string): Driver | null {
  return byName.get(name) ?? null
}
