/** The codemods, from the map to the files: what `seamripper rewrite` does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyzeForRewrite, type RewriteInput } from '../analyzers/repository.js'
import { loadParsers } from '../analyzers/sql/index.js'
import { OPERATIONS_FILE } from '../analyzers/workspace/recorded.js'
import { type Change, isEmpty, type Kept, operationFile, type Removal } from './changes/changes.js'
import { staleFiles } from './changes/stale.js'
import type { Language } from './generate/file.js'
import { generateFiles } from './generate/index.js'
import { inLanguage } from './generate/javascript.js'
import { type Leftover, leftoversOf } from './leftovers.js'
import type { AloneUse, FoundDifferent, Operation, OperationFile } from './operation.js'
import { operationFile as isOperationFile } from './operation-shape.js'
import { planRewrites } from './plan/index.js'
import type { AccessPlan, CallSiteEdit, PlanOptions, RewritePlan } from './plan/plan.js'
import { missingDependency } from './repository/clients.js'
import { markOf } from './repository/encoding.js'
import { createRepository, type Repository } from './repository/index.js'
import { RewriteError } from './rewrite-error.js'
import { liftCalls } from './transforms/lift.js'
import { stillAlone, stillUsed } from './uses.js'

export { RewriteError } from './rewrite-error.js'

export interface RewriteOptions extends PlanOptions {
  root: string
  configFile?: string
  /** Which of the planned rewrites are made; all if absent. */
  wants?: (plan: AccessPlan, operations: Operation[]) => boolean
  onProgress?: (stage: string, done: number, total: number) => void
  onTiming?: (stage: string, milliseconds: number) => void
}

export interface Rewrite {
  plan: RewritePlan
  /** Files that differ from what there is, sorted by path. */
  changes: Change[]
  /** Generated files that nothing needs any more. */
  removals: Removal[]
  /** Names in changed files that nothing uses any more, and that stay. */
  leftovers: Leftover[]
  /** Accesses that the changes rewrite. */
  rewritten: AccessPlan[]
  /** Operations of these and of earlier rewrites, from which the generated files are made. */
  operations: Operation[]
  /** Call sites that call no one any more, of these rewrites and of earlier ones. */
  alone: AloneUse[]
  /** What `verify` found different so far. */
  different: FoundDifferent[]
  repository: Repository
}

/** Plans the rewrites of a monorepo and makes their files; writes nothing. */
export async function rewrite(options: RewriteOptions): Promise<Rewrite> {
  const { plan, different, repository } = await planFrom(await analyzeForRewrite(options), options)
  const { existing } = repository
  const rewritten = plan.accesses.filter(
    access => access.edit !== null && (options.wants?.(access, plan.operations) ?? true),
  )
  const operations = operationsOf(plan, rewritten, stillUsed(existing, repository))
  const alone = [
    ...stillAlone(repository),
    ...rewritten.flatMap(({ access }) => plan.alone.filter(({ use }) => use.access === access)),
  ]
  const files = generatedFiles({ operations, alone, different }, repository)
  const changes = [...generatedChanges(files, repository), ...sourceChanges(rewritten, repository)]
  const folders = repository.map.services.flatMap(({ name }) => [
    repository.homeOf(name)?.folder ?? [],
    repository.clientsOf(name)?.folder ?? [],
  ])
  return {
    plan,
    removals: staleFiles(repository.workspace.root, folders.flat(), new Set(files.keys())),
    changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)),
    leftovers: changes.flatMap(({ path, before, after, isGenerated }) =>
      isGenerated || before === null ? [] : leftoversOf(path, before, after),
    ),
    rewritten,
    operations,
    alone,
    different,
    repository,
  }
}

/** What would be done with every cross-service access of a monorepo. */
export async function planOf(options: RewriteOptions): Promise<RewritePlan> {
  return (await planFrom(await analyzeForRewrite(options), options)).plan
}

/**
 * Plans the rewrites of a monorepo that was analysed.
 *
 * @throws RewriteError for operations of earlier runs that can't be read
 */
export async function planFrom(
  input: RewriteInput,
  options: PlanOptions,
): Promise<{ plan: RewritePlan; different: FoundDifferent[]; repository: Repository }> {
  const parsers = await loadParsers(['mysql', 'postgresql'])
  const {
    operations,
    alone = [],
    different = [],
  } = readOperations(join(input.workspace.root, OPERATIONS_FILE))
  const repository = createRepository(input, parsers, operations, alone)
  return { plan: planRewrites(repository, options, different), different, repository }
}

/** @throws RewriteError for a file that is not what an earlier run wrote */
function readOperations(path: string): OperationFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return { schemaVersion: 1, operations: [] }
  }
  try {
    const file: unknown = JSON.parse(text)
    if (isOperationFile(file)) return file
  } catch {
    // Told below.
  }
  throw new RewriteError(`${OPERATIONS_FILE} is not what an earlier run wrote. Bring it back from git.`)
}

/** Operations of earlier runs and of these rewrites, each with the uses that there are. */
function operationsOf(plan: RewritePlan, rewritten: AccessPlan[], existing: Operation[]): Operation[] {
  const wanted = new Set([...existing.map(each => each.id), ...rewritten.flatMap(each => each.operations)])
  const accesses = new Set([
    ...existing.flatMap(each => each.uses.map(use => use.access)),
    ...rewritten.map(each => each.access),
  ])
  return plan.operations
    .filter(operation => wanted.has(operation.id))
    .map(operation => ({ ...operation, uses: operation.uses.filter(use => accesses.has(use.access)) }))
}

/** @throws RewriteError where a service can't import the package of the clients */
function refuseMissingDependencies(operations: Operation[], repository: Repository): void {
  const uses = operations.flatMap(operation => operation.uses.filter(use => use.strategy !== 'event'))
  const missing = [...new Set(uses.map(use => use.service))].sort().flatMap(service => {
    const name = repository.clientsOf(service)?.package ?? null
    return name === null ? [] : (missingDependency(service, name, repository.workspace) ?? [])
  })
  if (missing.length > 0) throw new RewriteError(missing.join('\n'))
}

function generatedFiles(kept: Kept, repository: Repository): Map<string, string> {
  const { operations } = kept
  // What verify found is kept, even where nothing is rewritten for it.
  if (isEmpty(kept)) return new Map()
  refuseMissingDependencies(operations, repository)
  const files = inTheirLanguages(generateFiles(operations, repository), repository)
  return files.set(OPERATIONS_FILE, operationFile(kept))
}

/** Those of services that are written in JavaScript, in that. */
function inTheirLanguages(files: Map<string, string>, repository: Repository): Map<string, string> {
  const languages = new Map(
    repository.map.services.flatMap(({ name }) =>
      [repository.homeOf(name), repository.clientsOf(name)].flatMap(home =>
        home ? [[`${home.folder}/`, home.language] as const] : [],
      ),
    ),
  )
  const languageOf = (path: string): Language =>
    [...languages].find(([folder]) => path.startsWith(folder))?.[1] ?? 'typescript'
  return new Map([...files].map(([path, text]) => inLanguage(path, text, languageOf(path))))
}

function generatedChanges(files: Map<string, string>, repository: Repository): Change[] {
  return [...files].flatMap(([path, after]) => {
    const before = currentText(path, repository)
    return before === after ? [] : [{ path, before, after, isGenerated: true }]
  })
}

function sourceChanges(rewritten: AccessPlan[], repository: Repository): Change[] {
  const byFile = new Map<string, CallSiteEdit[]>()
  for (const { file, edit } of rewritten) byFile.set(file, [...(byFile.get(file) ?? []), edit!])
  return [...byFile].flatMap(([path, edits]) => {
    const before = repository.textOf(path)
    const mark = markOf(join(repository.workspace.root, path))
    if (before === null || mark === null) return []
    const after = liftCalls(path, before, edits)
    return after === before ? [] : [{ path, before: mark + before, after: mark + after, isGenerated: false }]
  })
}

/** Generated files are no files of the workspace where a rule leaves them out: they are read from the disk. */
function currentText(path: string, { workspace }: Repository): string | null {
  try {
    return readFileSync(join(workspace.root, path), 'utf8')
  } catch {
    return null
  }
}
