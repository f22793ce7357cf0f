/**
 * What `prisma generate` makes of a schema without models. The command itself loads a program for its schemas, which
 * not every machine may; the client runs its queries in JavaScript and WASM that its package brings along.
 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Text of a module, CommonJS. */
export const PRISMA_CLIENT = `
const runtime = require('@prisma/client/runtime/client')
const compiler = '@prisma/client/runtime/query_compiler_small_bg.postgresql'
export const PrismaClient = runtime.getPrismaClient({
  previewFeatures: [],
  clientVersion: ${JSON.stringify(require('@prisma/client/package.json').version)},
  engineVersion: '',
  activeProvider: 'postgresql',
  inlineSchema: 'datasource db {\\n  provider = "postgresql"\\n}\\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: 'AAAA' },
  compilerWasm: {
    getRuntime: async () => require(compiler + '.js'),
    getQueryCompilerWasmModule: async () =>
      new WebAssembly.Module(Buffer.from(require(compiler + '.wasm-base64.js').wasm, 'base64')),
    importName: './query_compiler_small_bg.js',
  },
})
export const Prisma = { join: runtime.join, sql: runtime.sqltag, empty: runtime.empty, raw: runtime.raw }
`
