import { createRequire } from 'node:module'

/** Version of the package. */
export const { version } = createRequire(import.meta.url)('seamripper/package.json') as { version: string }
