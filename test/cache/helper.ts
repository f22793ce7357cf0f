import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const fixture = fileURLToPath(new URL('../../fixtures/nilecare', import.meta.url))

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seamripper-cache-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A part of the example platform that speaks both dialects, with libraries, barrels, `.sql` files and migrations. */
export const someParts = [
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'docker-compose.yml',
  'deploy',
  'packages',
  'microservices/clinical',
  'microservices/lab-service',
  'microservices/notification-service',
]

/** A copy of parts of the example platform, with a `node_modules` as after `npm install`. */
export function copyOfFixture(parts: readonly string[]): string {
  const root = temporaryFolder()
  for (const part of parts) cpSync(join(fixture, part), join(root, part), { recursive: true })
  mkdirSync(join(root, 'node_modules'))
  return root
}
