/** `rewrite.clients`: all clients in one package of the repository. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'
import { typeErrors } from './support/type-errors.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

const CALLS = `import { db } from './db'

export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}

export async function list() {
  const [rows] = await db.query<any[]>('SELECT o.id, o.patient_id, p.mrn FROM orders o JOIN patients p ON p.id = o.patient_id')
  return rows
}
`
/** A second service that asks for the same. */
const DESK = {
  'desk/package.json': JSON.stringify({
    name: 'desk',
    private: true,
    scripts: { start: 'node src/index.js' },
    dependencies: { mysql2: '*', '@platform/clients': '*' },
  }),
  'desk/Dockerfile': 'FROM node\n',
}

describe('rewrite.clients', () => {
  let root = ''
  const made = async (more: Record<string, string> = {}): Promise<Rewrite> => {
    const files = platformFiles('mysql')
    files['seamripper.yml'] += '  desk:\n    path: desk\nrewrite:\n  clients: packages/clients\n'
    files['package.json'] = JSON.stringify({
      name: 'platform',
      private: true,
      workspaces: ['clinic', 'shop', 'desk', 'packages/*'],
    })
    const shop = JSON.parse(files['shop/package.json']!)
    shop.dependencies['@platform/clients'] = '*'
    root = writeFolder({
      ...files,
      ...DESK,
      'shop/package.json': JSON.stringify(shop),
      'shop/src/calls.ts': CALLS,
      'desk/src/db.ts': files['shop/src/db.ts']!,
      'desk/src/calls.ts': CALLS.slice(0, CALLS.indexOf('export async function list')),
      'packages/clients/package.json': JSON.stringify({ name: '@platform/clients', main: './src/index.ts' }),
      'packages/clients/src/index.ts': "export * from './seamripper'\n",
      ...more,
    })
    return rewrite({ root, inTransactions: false })
  }
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('puts the clients of all services into the package, imported by its name', async () => {
    const { changes } = await made()
    const text = (path: string) => changes.find(each => each.path === path)?.after
    expect(text('shop/src/calls.ts')).toContain(
      "import { clinicClient, joinRows } from '@platform/clients'\n",
    )
    expect(text('desk/src/calls.ts')).toContain("import { clinicClient } from '@platform/clients'\n")
    expect(text('packages/clients/src/seamripper/index.ts')).toContain(
      "export { clinicClient } from './clients/clinic'\n",
    )
    expect(text('packages/clients/src/seamripper/clients/clinic.ts')).toContain('listPatientsByIds')
    expect(changes.filter(({ path }) => /^(?:shop|desk)\/src\/seamripper/.test(path))).toEqual([])
  })

  it('type-checks, and has nothing left for a second run', async () => {
    const { changes } = await made()
    writeChanges(root, changes)
    mkdirSync(join(root, 'node_modules/@platform'), { recursive: true })
    symlinkSync(join(root, 'packages/clients'), join(root, 'node_modules/@platform/clients'), 'junction')
    for (const name of ['mysql2', '@types']) {
      symlinkSync(join(project, 'node_modules', name), join(root, 'node_modules', name), 'junction')
    }
    const errors = typeErrors(root, ['shop/src/calls.ts', 'desk/src/calls.ts']).filter(
      error => !error.includes('/src/db.ts'),
    )
    expect(errors).toEqual([])
    const second = await rewrite({ root, inTransactions: false })
    expect(second.changes.map(({ path }) => path)).toEqual([])
  })

  it('takes a path of the tsconfig for a dependency', async () => {
    const { changes } = await made({
      'desk/package.json': DESK['desk/package.json'].replace(',"@platform/clients":"*"', ''),
      'desk/tsconfig.json': JSON.stringify({
        compilerOptions: { baseUrl: '.', paths: { '@platform/clients': ['../packages/clients/src'] } },
      }),
    })
    expect(changes.map(({ path }) => path)).toContain('desk/src/calls.ts')
  })

  it('refuses services that do not depend on the package', async () => {
    await expect(
      made({ 'desk/package.json': DESK['desk/package.json'].replace(',"@platform/clients":"*"', '') }),
    ).rejects.toThrow(
      'desk does not depend on @platform/clients. Add to the dependencies of desk/package.json: "@platform/clients": "*", and install',
    )
  })

  it('refuses a package that does not export what is generated', async () => {
    await expect(made({ 'packages/clients/src/index.ts': 'export {}\n' })).rejects.toThrow(
      /^seamripper\.yml:\d+: rewrite\.clients: packages\/clients\/src\/index\.ts does not export what is generated beside it\. Add: export \* from '\.\/seamripper\/index'$/,
    )
  })

  it('refuses a package without an entry', async () => {
    await expect(
      made({
        'packages/clients/src/index.ts': '',
        'packages/clients/package.json': '{"name":"@platform/clients"}',
      }),
    ).rejects.toThrow('does not export what is generated')
  })

  it('refuses a folder that is no package', async () => {
    await expect(made({ 'packages/clients/package.json': '{}' })).rejects.toThrow(
      'rewrite.clients is "packages/clients", which is no package of the repository. Give it a package.json with a name',
    )
  })
})
