/** Drivers are kept by their names. */
import type { Driver } from '../../drivers/driver.js'
import { engines } from '../../drivers/engines.js'
import { drivers, unknownDriver } from '../../drivers/index.js'

const all = [...drivers, ...engines, unknownDriver]
const byName = new Map(all.map(driver => [driver.name, driver]))
const known = new Set<object>(all)

export function driverNamed(name: string): Driver | null {
  return byName.get(name) ?? null
}

export function isDriver(value: object): value is Driver {
  return known.has(value)
}
