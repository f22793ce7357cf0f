/** The generated code of owner and consumer, compiled and running: the client calls the server over real HTTP. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import ts from 'typescript'
import type { Database, createServer as makeServer, ServerOptions } from '../runtime/server/server.js'

export type Client = Record<string, (values?: object) => Promise<unknown[]>>

/** Makes the owner's database of its generated module `database-….ts`. */
export type OpenDatabase = (load: (name: string) => unknown) => Database

/** Generated files as JavaScript that can be loaded, in a folder of their own. */
export interface Compiled {
  /** A module by its path in the repository, without extension. */
  load(path: string): unknown
  /** Has modules of this folder loaded anew: clients without what they keep of earlier answers. */
  forget(path: string): void
  remove(): void
}

/** @param files path to text, as `generateFiles` makes them */
export function compile(files: Map<string, string>): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-verify-'))
  for (const [path, text] of files) {
    if (!path.endsWith('.ts')) continue
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    })
    const to = join(folder, path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, outputText)
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}')
  const require = createRequire(join(folder, 'verify.js'))
  return {
    load: path => require(join(folder, `${path}.js`)),
    forget(path) {
      const prefix = join(realpathSync(folder), path) + sep
      for (const loaded of Object.keys(require.cache))
        if (loaded.startsWith(prefix)) delete require.cache[loaded]
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Names {
  /** Folder of the owner's generated files. */
  owner: string
  /** Folder of the consumer's, with the file of the client, its constant and the prefix of its settings. */
  consumer: string
  file: string
  client: string
  environment: string
}

export interface Connected {
  /** A client that knows no earlier answers. */
  client(): Client
  close(): Promise<void>
}

/** Starts the owner's generated server on a database, and has the consumer's client call it. */
export async function connect(compiled: Compiled, names: Names, open: OpenDatabase): Promise<Connected> {
  const { operations } = compiled.load(`${names.owner}/operations/index`) as Pick<ServerOptions, 'operations'>
  const { createServer } = compiled.load(`${names.owner}/server`) as { createServer: typeof makeServer }
  const database = open(name => compiled.load(`${names.owner}/${name}`))
  const key = 'verify'
  const answer = createServer({ database, operations, apiKeys: [key] })
  const http = createHttpServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const [, operation = null] = /\/operations\/(\w+)$/.exec(request.url ?? '') ?? []
    const apiKey = request.headers['x-api-key'] as string | undefined
    const answered = await answer({ operation, apiKey, body: JSON.parse(body) })
    response.writeHead(answered.status, { 'content-type': answered.contentType })
    response.end(JSON.stringify(answered.body))
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const settings = { [`${names.environment}_API_URL`]: address, [`${names.environment}_API_KEY`]: key }
  Object.assign(process.env, settings)
  return {
    client() {
      compiled.forget(names.consumer)
      const module = compiled.load(`${names.consumer}/clients/${names.file}`) as Record<string, Client>
      return module[names.client]!
    },
    async close() {
      for (const name of Object.keys(settings)) delete process.env[name]
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}
