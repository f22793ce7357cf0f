/** What the tool calls itself in the command lines that it prints. */
import { expect, test } from 'vitest'
import { programAt } from '../../bin/program.js'

test.each<[title: string, script: string, folder: string, program: string]>([
  ['installed for all', '/usr/local/bin/seamripper', '/home/me/shop', 'seamripper'],
  [
    'in the project, by a link',
    '/home/me/shop/node_modules/.bin/seamripper',
    '/home/me/shop',
    'npx seamripper',
  ],
  [
    'in the project, as Windows starts it',
    'C:\\me\\shop\\node_modules\\seamripper\\dist\\bin\\seamripper.js',
    'C:\\me\\shop',
    'npx seamripper',
  ],
  [
    'in the project, by pnpm',
    '/me/shop/node_modules/.pnpm/seamripper@1.0.0/node_modules/seamripper/dist/bin/seamripper.js',
    '/me/shop/services/orders',
    'npx seamripper',
  ],
  [
    'installed for all, where links are scripts',
    '/me/.local/pnpm/global/5/node_modules/seamripper/dist/bin/seamripper.js',
    '/me/shop',
    'seamripper',
  ],
  ['of another project', '/me/tools/node_modules/.bin/seamripper', '/me/shop', 'seamripper'],
  ['fetched by npx', '/me/.npm/_npx/0a1b2c/node_modules/.bin/seamripper', '/me/shop', 'npx seamripper'],
  [
    'by Plug’n’Play',
    '/me/shop/.yarn/cache/seamripper-npm-1.0.0-0a1b.zip/node_modules/seamripper/dist/bin/seamripper.js',
    '/me/shop',
    'yarn seamripper',
  ],
  ['from its own checkout', '/me/seamripper/dist/bin/seamripper.js', '/me/shop', 'seamripper'],
  ['not known', '', '/me/shop', 'seamripper'],
])('%s', (_, script, folder, program) => {
  expect(programAt(script, folder)).toBe(program)
})
