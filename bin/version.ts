import { createRequire } from 'node:module'

/** Version of the package, and the releases of Node that it runs on (`>=20.19`). */
export const {
  version,
  engines: { node: nodeRange },
} = createRequire(import.meta.url)('seamripper/package.json') as {
  version: string
  engines: { node: string }
}

/** Whether a release of Node is older than the oldest of `nodeRange`. */
export function isTooOld(release: string): boolean {
  const [major = 0, minor = 0] = numbers(release)
  const [oldestMajor = 0, oldestMinor = 0] = numbers(nodeRange)
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

function numbers(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number)
}
