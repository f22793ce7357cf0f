/**
 * What a file is, told by its name alone, and whether a rule leaves it out.
 * Nothing here opens a file: the walk asks for every entry of the tree.
 */
import type { FileKind } from './types.js'

/** Why a file is left out; the keys of `Workspace.leftOut`. */
export type LeftOutReason =
  | 'tests'
  | 'declarations'
  | 'generated'
  | 'compiledTwins'
  /** By a .gitignore; a pruned folder counts once. */
  | 'ignored'
  /** By `exclude` of the config. */
  | 'excluded'
  /** In a folder whose name begins with a dot, unless it tells that a database's scripts lie there. */
  | 'hidden'
  /** Third-party code kept in the repository. */
  | 'vendor'
  /** A copy of how a part of the repository was on a day. */
  | 'backups'

const sourceExtensions = new Set(['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'])
const sqlExtensions = new Set(['sql', 'pgsql', 'ddl'])

const envFile = /(?:^|[.-])env(?:\.|$)/i
const composeFile = /^(?:docker-)?compose[^/]*\.ya?ml$/i
const lockFile = /-lock\.ya?ml$/
const configFolder = /(?:^|\/)(?:configs?|configuration|conf|settings)(?:\/[^/]+)?$/
const configName =
  /^(?:ormconfig|knexfile|database|db|datasources?|sequelize|config|appsettings|application)\b/

/** Kind of the file `name` that lies in `folder` (relative to the root), or null if no stage reads it. */
export function kindOf(name: string, folder: string): FileKind | null {
  const dot = name.lastIndexOf('.')
  // A script that is called `sql` has none.
  const extension = dot < 0 ? '' : name.slice(dot + 1).toLowerCase()
  if (sourceExtensions.has(extension)) return 'source'
  if (sqlExtensions.has(extension)) return 'sql'
  if (isSettings(name, folder, extension)) return 'settings'
  return extension === 'json' && !isManifest(name) ? 'data' : null
}

/** Wide on purpose: the datastore stage knows which of these it can read, and opens no others. */
function isSettings(name: string, folder: string, extension: string): boolean {
  if (extension === 'yml' || extension === 'yaml') return !lockFile.test(name)
  if (extension === 'json')
    return configName.test(name) || configFolder.test(folder) || name === 'wrangler.json'
  return extension === 'prisma' || envFile.test(name) || /^wrangler\.(?:toml|jsonc?)\b/.test(name)
}

export function isComposeFile(name: string): boolean {
  return composeFile.test(name)
}

/** Dockerfile, Dockerfile.api, api.Dockerfile, api.dockerfile; no `.dockerignore`. */
export function isDockerfile(name: string): boolean {
  return (/^dockerfile(?:\.|$)/i.test(name) || /\.dockerfile$/i.test(name)) && !name.endsWith('.dockerignore')
}

export function isTerraform(name: string): boolean {
  return name.endsWith('.tf')
}

/** Says how a folder is deployed, by a platform other than Docker. */
export function isDeploymentDescriptor(name: string): boolean {
  return /^(?:serverless\.(?:ya?ml|json)|wrangler\.(?:toml|jsonc?)|fly\.toml|Procfile|vercel\.json|cdk\.json)$/.test(
    name,
  )
}

/** Commands that people and machines run: they name programs. In `bin` these often have no extension. */
export function isCommandFile(path: string): boolean {
  return /\.(?:sh|bash)$|(?:^|\/)(?:[Mm]akefile|justfile|(?:bin|scripts)\/[^./]+)$/.test(path)
}

const manifests = new Set([
  'package.json',
  'project.json',
  'nest-cli.json',
  'pnpm-workspace.yaml',
  'lerna.json',
  'rush.json',
  'deno.json',
  'deno.jsonc',
  'import_map.json',
])

/** Files that describe packages, their builds and what starts them: read by this stage only, never handed on. */
export function isManifest(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    manifests.has(name) ||
    /^[jt]sconfig[^/]*\.json$/.test(name) ||
    isDockerfile(name) ||
    isComposeFile(name) ||
    isTerraform(name) ||
    isCommandFile(path) ||
    isDeploymentDescriptor(name)
  )
}

/** Never entered, whatever the config says. */
const neverEntered = new Set(['node_modules', '.git', '.hg', '.svn', 'bower_components'])

export function isNeverEntered(folderName: string): boolean {
  return neverEntered.has(folderName)
}

const testFolders = new Set([
  '__tests__',
  '__test__',
  '__mocks__',
  '__fixtures__',
  'test',
  'tests',
  'e2e',
  'e2e-tests',
  'integration-tests',
  'cypress',
  'jest',
])
/** `smoke_tests`, `integration-test`, and Nx's project beside another, `orders-service-e2e` */
const kindOfTests =
  /^(?:(?:smoke|unit|integration|acceptance|regression|e2e|end-to-end)[-_]?tests?|.+[-_]e2e)$/i
/** What tests use: `test-utils`, `test_helpers`, `testing-support`. */
const helpOfTests = /^test(?:s|ing)?[-_](?:utils?|utilities|helpers?|support|drivers?|fixtures?)$/i
const generatedFolders = new Set(['dist', 'build', 'out', 'coverage'])
/** Folder names that are also words of a business: lab tests, insurance coverage, a vendor of goods. */
const ambiguousFolders = new Set(['test', 'tests', 'build', 'out', 'coverage', 'vendor'])

const testFile = /\.(?:test|spec|e2e-spec|e2e|cy|bench|stories)(?:\.(?:unit|integration|e2e))?\.[cm]?[jt]sx?$/
/** `jest.setup.ts`, `setup-jest.ts`, `test-setup.ts` */
const setUpOfTests =
  /^(?:(?:jest|vitest|tests?)[-.](?:global[-.]?)?set-?up|set-?up[-.](?:jest|vitest|tests?))\w*(?:[-.]\w+)*\.[cm]?[jt]sx?$/i
const integrationFile = /\.integration(\.[cm]?[jt]sx?)$/
/** Folders that hide no more than what else lies in the open. */
const openThoughHidden = /^\.(?:docker|databases?|db|sql|schemas?|migrations?)$/i
/** `tests.backup.20251024_194825`, `theme-backup-2025-09-12`, `backup/20251024_194246` */
const datedCopy =
  /(?:^|[/._-])(?:backups?|bak)[/._-]?(?:19|20)\d{2}[-_]?[01]\d[-_]?[0-3]\d(?:[^/\da-z][^/]*)?$/i
const domainFile =
  /[.-]?(?:controller|service|repository|repo|routes?|router|model|entity|module|dao|handlers?|resolver|queries|schema)\.[cm]?[jt]s$/i

/**
 * Why everything below a folder is left out, or null. `path` is the folder's, `names` are its entries: inside
 * `src`, an ambiguous name is a part of the product; `test` and `vendor` only if they hold `x.controller.ts` or
 * the like and no `x.test.ts`.
 */
export function reasonOfFolder(name: string, path: string, names: readonly string[]): LeftOutReason | null {
  // What a database held on a day tells its tables all the same.
  if (datedCopy.test(path) && !names.some(entry => entry.endsWith('.sql'))) return 'backups'
  const reason = reasonOfFolderName(name)
  if (reason === null || !ambiguousFolders.has(name) || !isBelowSrc(path)) return reason
  if (reason === 'generated') return null
  const isDomain = names.some(entry => domainFile.test(entry)) && !names.some(entry => testFile.test(entry))
  return isDomain ? null : reason
}

function reasonOfFolderName(name: string): LeftOutReason | null {
  if (testFolders.has(name) || kindOfTests.test(name) || helpOfTests.test(name)) return 'tests'
  if (generatedFolders.has(name)) return 'generated'
  if (name === 'vendor') return 'vendor'
  return name.startsWith('.') && !openThoughHidden.test(name) ? 'hidden' : null
}

function isBelowSrc(path: string): boolean {
  return path.startsWith('src/') || path.includes('/src/')
}

/**
 * Why a file is left out for its own name, or null. `names` are the entries of its folder: `queue.integration.ts` beside
 * `queue.ts` tests it, while `stripe.integration.ts` alone is a part of the product.
 */
export function reasonOfFile(name: string, names: readonly string[] = []): LeftOutReason | null {
  if (testFile.test(name) || setUpOfTests.test(name)) return 'tests'
  if (integrationFile.test(name) && names.includes(name.replace(integrationFile, '$1'))) return 'tests'
  if (/\.d\.[cm]?ts$/.test(name)) return 'declarations'
  return /\.(?:min|bundle)\.[cm]?js$/.test(name) ? 'generated' : null
}

/** Settings of development tools, which make no package of the folder that they lie in. */
export function isToolConfig(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    name.startsWith('.') ||
    /\.(?:config|setup|conf)(?:[.-][\w-]+)*\.[cm]?[jt]s$/.test(name) ||
    /^(?:gulpfile|gruntfile|jakefile|dangerfile|codegen|vitest\.workspace)\.[cm]?[jt]s$/i.test(name)
  )
}
