import { createInterface } from 'node:readline/promises'
import { listed } from '../../analyzers/listed.js'
import type { DependencyMap } from '../../analyzers/model.js'
import type { Rewrite } from '../../codemods/index.js'
import type { Leftover } from '../../codemods/leftovers.js'
import type { Operation, Strategy } from '../../codemods/operation.js'
import type { AccessPlan, RewritePlan } from '../../codemods/plan/plan.js'
import { nearest } from '../../reports/text/nearest.js'
import { plain } from '../../reports/text/plain.js'
import { command as commandLine } from '../../reports/text/shell.js'
import { count } from '../../reports/text/words.js'
import { checkConfigIsHere, checkFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { forLog } from '../ci.js'
import { tuneEngine } from '../engine.js'
import { program } from '../program.js'
import { progressLine } from '../progress.js'
import { wantsColour } from '../screen.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

interface RewriteArguments {
  root: string
  plan: boolean
  format: 'text' | 'json'
  write: boolean
  check: boolean
  interactive: boolean
  allowDirty: boolean
  inTransactions: boolean
  service: string[]
  table: string[]
  operation: string[]
  only: Strategy[]
  config: string | undefined
  color: boolean | undefined
}

const listOption = { type: 'string', list: 'given', default: [] } as const

/** `seamripper rewrite`: queries of other services' tables become calls of their owners. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    plan: { type: 'boolean', default: false, describe: 'Print what would be done with each access, and why' },
    format: {
      alias: 'f',
      type: 'string',
      choices: ['text', 'json'],
      default: 'text',
      describe: 'Of the plan: for people or machines',
    },
    write: {
      type: 'boolean',
      default: false,
      describe: 'Write the changes, all or none; without it, show them',
    },
    check: {
      type: 'boolean',
      default: false,
      describe: 'End with status 1 where generated files are out of date; write nothing',
    },
    interactive: { alias: 'i', type: 'boolean', default: false, describe: 'Ask for each rewrite' },
    'allow-dirty': {
      type: 'boolean',
      default: false,
      describe: 'Write although not everything is committed',
    },
    'in-transactions': {
      type: 'boolean',
      default: false,
      describe: 'Also statements inside of transactions, which then commit by themselves',
    },
    service: { ...listOption, describe: 'Only rewrites in this service' },
    table: { ...listOption, describe: 'Only statements over this table (name or id)' },
    operation: { ...listOption, describe: 'Only this operation (name, or owner.name)' },
    only: {
      ...listOption,
      alias: 'strategy',
      choices: ['lift', 'split', 'event'],
      describe: 'Only rewrites of this kind',
    },
    config: analysisOptions.config,
  },
  examples: [
    ['seamripper rewrite --plan', 'What would be done with each access, and why'],
    ['seamripper rewrite --service billing-service', 'A diff of what would change for one service'],
    ['seamripper rewrite --table patients --write', 'Rewrite what reads patients, in both services'],
    ['seamripper rewrite --check', 'In CI: are the generated files what they would be?'],
  ],
  async handler(args) {
    const options = args as unknown as RewriteArguments
    const { root, write, check, allowDirty } = options
    checkFolder(root)
    checkConfigIsHere(options)
    if (write && (check || options.plan)) throw new BadUsage('--write does not go with --check or --plan.')
    const { writeChanges, neighboursInTheWay, gitState, nextSteps } = await import(
      '../../codemods/changes/index.js'
    )
    if (write && !allowDirty) refuseDirty(gitState(root))
    await refuseUnknownService(options)
    if (options.plan) return printPlan(options)
    const made = await run(options)
    if (check) return reportOutdated(made)
    refuseUnknownTable(made.repository.map, options)
    refuseNothingChosen(made, options)
    const inTheWay = neighboursInTheWay(made.changes)
    if (inTheWay.length > 0) {
      throw new BadUsage(
        `These files would be generated, but someone wrote them by hand. Move them:\n${inTheWay.map(path => `  ${path}`).join('\n')}`,
      )
    }
    const { diffOf } = await import('../../codemods/changes/diff.js')
    if (!write) {
      process.stdout.write(
        forLog(
          diffOf(made.changes, made.removals, wantsColour(process.stdout, options.color, process.env)),
          process.env,
        ),
      )
      process.stderr.write(
        `${leftovers(made)}${loops(made)}${summary(made)}${made.changes.length + made.removals.length > 0 ? ' Nothing was written: --write does.' : ` See why: ${program} rewrite --plan`}\n`,
      )
      return
    }
    writeChanges(made.repository.workspace.root, made.changes, made.removals)
    process.stdout.write(
      made.changes
        .map(({ path, before }) => `${before === null ? 'new    ' : 'changed'} ${plain(path)}\n`)
        .concat(made.removals.map(({ path }) => `removed ${plain(path)}\n`))
        .join(''),
    )
    process.stderr.write(`${leftovers(made)}${loops(made)}${summary(made)}\n`)
    for (const [at, step] of nextSteps(made).entries()) process.stderr.write(`${at + 1}. ${plain(step)}\n`)
  },
}

function settingsOf(
  options: RewriteArguments,
  onProgress: (stage: string, done: number, total: number) => void,
) {
  return {
    root: options.root,
    ...(options.config === undefined ? {} : { configFile: options.config }),
    inTransactions: options.inTransactions,
    onProgress,
  }
}

/** @throws BadUsage for what the user has to mend first */
async function run(options: RewriteArguments): Promise<Rewrite> {
  return withProgress(async progress => {
    const { planOf, rewrite } = await import('../../codemods/index.js')
    const settings = settingsOf(options, progress.show)
    const wants = (access: AccessPlan, operations: Operation[]) => isWanted(access, operations, options)
    if (options.check) return rewrite({ ...settings, wants: () => false })
    if (!options.interactive) return rewrite({ ...settings, wants })
    const plan = await planOf(settings)
    progress.clear()
    const chosen = await ask(
      plan.accesses.filter(access => access.edit && wants(access, plan.operations)),
      plan.operations,
    )
    return rewrite({ ...settings, wants: access => chosen.has(access.access) })
  })
}

/** @throws BadUsage for what the user has to mend first */
async function withProgress<T>(work: (progress: ReturnType<typeof progressLine>) => Promise<T>): Promise<T> {
  tuneEngine()
  const { RewriteError } = await import('../../codemods/index.js')
  const progress = progressLine(process.stderr)
  try {
    return await work(progress)
  } catch (error) {
    if (error instanceof RewriteError) throw new BadUsage(error.message)
    throw error
  } finally {
    progress.clear()
  }
}

function isWanted(
  access: AccessPlan,
  operations: Operation[],
  { service, table, operation, only }: RewriteArguments,
): boolean {
  const own = operations.filter(each => access.operations.includes(each.id))
  return (
    (service.length === 0 || service.includes(access.service)) &&
    (only.length === 0 || only.includes(access.strategy)) &&
    (table.length === 0 || access.tables.some(id => table.includes(id) || table.includes(nameOf(id)))) &&
    (operation.length === 0 ||
      own.some(({ name, owner }) => operation.includes(name) || operation.includes(`${owner}.${name}`)))
  )
}

async function ask(accesses: AccessPlan[], operations: Operation[]): Promise<Set<string>> {
  if (!process.stdin.isTTY) throw new BadUsage('--interactive needs a terminal to ask on.')
  const chosen = new Set<string>()
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    for (const access of accesses) {
      const [own] = operations.filter(each => access.operations.includes(each.id))
      const question = `${plain(`${access.file}:${access.line}`)} -> ${own?.owner}.${own?.name} (${access.strategy})? [y/n/q] `
      const answer = (await terminal.question(question)).trim().toLowerCase()
      if (answer === 'q') break
      if (answer === 'y' || answer === 'yes') chosen.add(access.access)
    }
  } finally {
    terminal.close()
  }
  return chosen
}

function refuseDirty(state: 'clean' | 'dirty' | 'no repository'): void {
  if (state === 'dirty')
    throw new BadUsage('Not everything is committed. Commit first, or give --allow-dirty.')
  if (state === 'no repository') {
    throw new BadUsage(
      'The folder is in no git repository, so the changes could not be taken back. Give --allow-dirty.',
    )
  }
}

/**
 * Services are known without the analysis: a wrong name need not wait for it.
 *
 * @throws BadUsage for a service that is none
 */
async function refuseUnknownService({ root, config, service }: RewriteArguments): Promise<void> {
  if (service.length === 0) return
  const { loadWorkspace } = await import('../../analyzers/workspace/index.js')
  const { workspace } = await loadWorkspace(root, config === undefined ? {} : { configFile: config })
  const names = workspace.services.map(({ name }) => name)
  const unknown = service.find(name => !names.includes(name))
  if (unknown !== undefined) refuse('service', unknown, names)
}

/** @throws BadUsage for a table that the map doesn't have */
function refuseUnknownTable({ tables }: DependencyMap, { table }: RewriteArguments): void {
  const names = tables.flatMap(({ id }) => [id, nameOf(id)])
  const unknown = table.find(name => !names.includes(name))
  if (unknown !== undefined) refuse('table', unknown, names)
}

function refuse(what: string, word: string, names: string[]): never {
  const near = nearest(word, names)
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : `See what the map has: ${program} map --format markdown`
  throw new BadUsage(`The map has no ${what} "${word}". ${hint}`)
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

function refuseNothingChosen(made: Rewrite, { service, table, operation, only }: RewriteArguments): void {
  const isFiltered = [service, table, operation, only].some(each => each.length > 0)
  if (!isFiltered || made.rewritten.length > 0) return
  const unknown = service.find(name => !made.plan.accesses.some(access => access.service === name))
  throw new BadUsage(
    unknown === undefined
      ? `No rewrite is chosen. See what there is: ${program} rewrite --plan`
      : `${unknown} has no cross-service access. See what there is: ${program} rewrite --plan`,
  )
}

async function printPlan(options: RewriteArguments): Promise<void> {
  const { plan: whole, repository } = await withProgress(async progress => {
    const [{ planFrom }, { analyzeForRewrite }] = await Promise.all([
      import('../../codemods/index.js'),
      import('../../analyzers/repository.js'),
    ])
    const settings = settingsOf(options, progress.show)
    return planFrom(await analyzeForRewrite(settings), settings)
  })
  refuseUnknownTable(repository.map, options)
  const accesses = whole.accesses.filter(access => isWanted(access, whole.operations, options))
  const plan = { ...whole, accesses }
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`)
    return
  }
  const { renderPlan } = await import('../../reports/rewrite/plan.js')
  const text = renderPlan(plan, wantsColour(process.stdout, options.color, process.env))
  process.stdout.write(forLog(`${text}${inLibraries(whole, options)}`, process.env))
}

/** The map counts what a library runs for the services that run it; the code is the library's. */
function inLibraries({ accesses }: RewritePlan, { service, root }: RewriteArguments): string {
  const others = accesses.filter(
    access => !service.includes(access.service) && access.reachedBy.some(name => service.includes(name)),
  )
  if (others.length === 0) return ''
  const libraries = [...new Set(others.map(access => access.service))].sort()
  const words = ['rewrite', '--plan', ...libraries.flatMap(name => ['--service', name])]
  return `\n${count(others.length, 'more is', 'more are')} in ${listed(libraries)}, for all that run it: ${commandLine(words, { program, root })}\n`
}

function reportOutdated({ changes, removals }: Rewrite): void {
  if (changes.length === 0 && removals.length === 0) {
    process.stdout.write('Generated files are up to date.\n')
    return
  }
  process.stdout.write(
    changes
      .map(({ path, before }) => `${before === null ? 'missing ' : 'outdated'} ${plain(path)}\n`)
      .concat(removals.map(({ path }) => `unused   ${plain(path)}\n`))
      .join(''),
  )
  process.stderr.write(`Bring them up to date: ${program} rewrite --write\n`)
  process.exitCode = 1
}

const LEFT: Record<Leftover['kind'], string> = {
  unused: 'is not used any more; remove it if what makes it has no other effect',
  parameter: 'is not used any more; remove it here and at the calls',
  idle: 'is a connection on which nothing runs any more; do not take it, and do not give it back',
}

/** What a person has to look at, for it could not be taken away. */
function leftovers({ leftovers }: Rewrite): string {
  return leftovers
    .map(({ file, line, name, kind }) => `${plain(`${file}:${line}: ${name}`)} ${LEFT[kind]}\n`)
    .join('')
}

/** Calls that are made over and over, which the diff alone does not show. */
function loops({ rewritten }: Rewrite): string {
  return rewritten
    .flatMap(({ file, line, loop }) => (loop ? `${plain(`${file}:${line}: ${loop}`)}\n` : []))
    .join('')
}

function summary({ changes, removals, rewritten }: Rewrite): string {
  if (rewritten.length === 0 && changes.length === 0 && removals.length === 0) return 'Nothing to rewrite.'
  const files = changes.filter(change => change.isGenerated).length
  const gone = removals.length === 0 ? '' : `, ${removals.length} removed`
  return `${count(rewritten.length, 'rewrite')} in ${count(changes.length - files, 'file')}, ${count(files, 'generated file')}${gone}.`
}
