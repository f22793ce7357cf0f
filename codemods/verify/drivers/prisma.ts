import { NotVerified } from '../not-verified.js'
import type { OldDriver, Rows } from './driver.js'

interface Client {
  $queryRawUnsafe(text: string, ...values: unknown[]): Promise<Rows>
  $executeRawUnsafe(text: string, ...values: unknown[]): Promise<number>
  $disconnect(): Promise<void>
}

interface Runtime {
  getPrismaClient(of: object): new (options: { adapter: unknown }) => Client
}

/** The types of Node don't tell of it. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Buffer) => unknown }
}

const FIRST_WITHOUT_ENGINE = 7
const COMPILER = '@prisma/client/runtime/query_compiler_small_bg.postgresql'

/**
 * A client without models: raw queries need none, and what `prisma generate` made is of no use on another database.
 * Earlier versions run theirs in a program that it downloads.
 */
export const prisma: OldDriver = ({ load, address }) => {
  const { version } = load<{ version: string }>('@prisma/client/package.json')
  if (Number.parseInt(version, 10) < FIRST_WITHOUT_ENGINE) {
    throw new NotVerified(
      `Prisma ${version} runs statements in a program of its own: those of version 7 and later are verified`,
    )
  }
  const { getPrismaClient } = load<Runtime>('@prisma/client/runtime/client')
  const { PrismaPg } = load<{ PrismaPg: new (options: object) => unknown }>('@prisma/adapter-pg')
  const PrismaClient = getPrismaClient({
    previewFeatures: [],
    clientVersion: version,
    engineVersion: '',
    activeProvider: 'postgresql',
    inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
    runtimeDataModel: { models: {}, enums: {}, types: {} },
    parameterizationSchema: { strings: [], graph: 'AAAA' },
    compilerWasm: {
      getRuntime: async () => load(`${COMPILER}.js`),
      getQueryCompilerWasmModule: async () =>
        new wasm.Module(Buffer.from(load<{ wasm: string }>(`${COMPILER}.wasm-base64.js`).wasm, 'base64')),
      importName: './query_compiler_small_bg.js',
    },
  })
  const { user, ...where } = address
  const adapter = new PrismaPg({ ...where, user, max: 1, options: '-c timezone=UTC' })
  const client = new PrismaClient({ adapter })
  return {
    async run(text, values) {
      if (!/^\s*(?:INSERT|UPDATE|DELETE)\b/i.test(text) || /\bRETURNING\b/i.test(text)) {
        return { rows: await client.$queryRawUnsafe(text, ...values), told: {} }
      }
      return { rows: [], told: { rowCount: await client.$executeRawUnsafe(text, ...values) } }
    },
    end: () => client.$disconnect(),
  }
}
