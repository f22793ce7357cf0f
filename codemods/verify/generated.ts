/** The generated code of owner and consumer, compiled and running: the client calls the server over real HTTP. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, posix, sep } from 'node:path'
import ts from 'typescript'
import type { Database, createServer as makeServer, ServerOptions } from '../runtime/server/server.js'
import { NotVerified } from './not-verified.js'

export type Client = Record<string, (values?: object) => Promise<unknown[]>>

/** Makes the owner's database of its generated module `database-….ts`. */
export type OpenDatabase = (load: (name: string) => unknown) => Database

/** Generated files as JavaScript that can be loaded, in a folder of their own. */
export interface Compiled {
  /** A module by its path in the repository, without extension. */
  load(path: string): unknown
  /** Has modules of this folder loaded anew: clients without what they keep of earlier answers. */
  forget(path: string): void
  /** A package as the files of this folder would import it. */
  package(path: string, name: string): unknown
  remove(): void
}

/**
 * @param files path to text, as `generateFiles` makes them
 * @param root of the repository, whose packages they import
 */
export function compile(files: Map<string, string>, root: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-verify-'))
  for (const [path, text] of files) {
    if (!path.endsWith('.ts')) continue
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
        esModuleInterop: true,
      },
    })
    const to = join(folder, path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, outputText)
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}')
  linkPackages(files, root, folder)
  const require = createRequire(join(folder, 'verify.js'))
  return {
    load: path => require(join(folder, `${path}.js`)),
    forget(path) {
      const prefix = join(realpathSync(folder), path) + sep
      for (const [name, module] of Object.entries(require.cache)) {
        if (!module || !name.startsWith(prefix)) continue
        // What loaded it keeps it as well: of hundreds of operations that was all memory there is.
        const siblings = module.parent?.children ?? []
        const at = siblings.indexOf(module)
        if (at >= 0) siblings.splice(at, 1)
        delete require.cache[name]
      }
    },
    package: (path, name) => createRequire(join(folder, path, 'index.js'))(name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Compiled files find the packages of their services, Express or Fastify, as these do: from their folder upwards. */
function linkPackages(files: Map<string, string>, root: string, folder: string): void {
  const link = (from: string, to: string): boolean => {
    const packages = join(from, 'node_modules')
    if (existsSync(packages)) symlinkSync(realpathSync(packages), join(to, 'node_modules'), 'junction')
    return existsSync(packages)
  }
  const folders = new Set<string>()
  for (const path of files.keys()) {
    for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) folders.add(at)
  }
  for (const at of folders) link(join(root, at), join(folder, at))
  for (let at = root; !link(at, folder) && dirname(at) !== at; at = dirname(at));
}

export interface Names {
  /** Folder of the owner's generated files. */
  owner: string
  /** Folder of the consumer's. */
  consumer: string
  /** Folder of its clients, with the file of the one, its constant and the prefix of its settings. */
  clients: string
  file: string
  client: string
  environment: string
  /** What the owner's router is for. */
  framework: 'express' | 'fastify' | null
}

export interface Connected {
  /** A client that knows no earlier answers, and no failures. */
  client(): Client
  /** The next client is a new one. */
  renew(): void
  close(): Promise<void>
}

/**
 * Starts the owner's generated server on a database, and has the consumer's client call it.
 *
 * @param keepsAnswers what is called is reference data, of which a client keeps what it got
 */
export async function connect(
  compiled: Compiled,
  names: Names,
  open: OpenDatabase,
  keepsAnswers = false,
): Promise<Connected> {
  const { operations } = compiled.load(`${names.owner}/operations/index`) as Pick<ServerOptions, 'operations'>
  const database = open(name => compiled.load(`${names.owner}/${name}`))
  const options = { database, operations, apiKeys: [KEY] }
  const server = await SERVERS[names.framework ?? 'none'](compiled, names.owner, options)
  const settings = {
    [`${names.environment}_API_URL`]: `http://127.0.0.1:${(server.http.address() as AddressInfo).port}`,
    [`${names.environment}_API_KEY`]: KEY,
  }
  Object.assign(process.env, settings)
  let client: Client | null = null
  return {
    client() {
      if (client !== null && !keepsAnswers) return client
      compiled.forget(names.clients)
      const module = compiled.load(`${names.clients}/clients/${names.file}`) as Record<string, Client>
      client = module[names.client]!
      return client
    },
    renew() {
      client = null
    },
    async close() {
      for (const name of Object.keys(settings)) delete process.env[name]
      server.http.closeAllConnections()
      await server.close()
    },
  }
}

const KEY = 'verify'
const PREFIX = '/api/v1/operations'

interface Listening {
  http: Server
  close(): Promise<unknown>
}

/** @param owner folder of its generated files */
type Serve = (compiled: Compiled, owner: string, options: ServerOptions) => Promise<Listening>

const SERVERS: Record<'express' | 'fastify' | 'none', Serve> = {
  async express(compiled, owner, options) {
    const express = packageOf<() => RequestListener & { use(path: string, router: unknown): void }>(
      compiled,
      owner,
      'express',
    )
    const { operationsRouter } = compiled.load(`${owner}/router`) as {
      operationsRouter(of: ServerOptions): unknown
    }
    const app = express()
    app.use(PREFIX, operationsRouter(options))
    return listening(createHttpServer(app))
  },
  async fastify(compiled, owner, options) {
    const fastify = packageOf<() => FastifyApp>(compiled, owner, 'fastify')
    const { operationsPlugin } = compiled.load(`${owner}/router`) as { operationsPlugin: unknown }
    const app = fastify()
    app.register(operationsPlugin, { prefix: PREFIX, ...options })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { http: app.server, close: () => app.close() }
  },
  async none(compiled, owner, options) {
    const { createServer } = compiled.load(`${owner}/server`) as { createServer: typeof makeServer }
    const answer = createServer(options)
    return listening(
      createHttpServer(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        const [, operation = null] = /\/operations\/(\w+)$/.exec(request.url ?? '') ?? []
        const apiKey = request.headers['x-api-key'] as string | undefined
        const answered = await answer({ operation, apiKey, body: JSON.parse(body) })
        response.writeHead(answered.status, { 'content-type': answered.contentType })
        response.end(JSON.stringify(answered.body))
      }),
    )
  },
}

interface FastifyApp {
  register(plugin: unknown, options: object): void
  listen(options: object): Promise<unknown>
  server: Server
  close(): Promise<void>
}

async function listening(http: Server): Promise<Listening> {
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return { http, close: () => new Promise(resolve => http.close(resolve)) }
}

function packageOf<T>(compiled: Compiled, owner: string, name: string): T {
  try {
    return compiled.package(owner, name) as T
  } catch {
    throw new NotVerified(`${name} is not installed for ${owner}: install the dependencies first`)
  }
}
