#!/usr/bin/env node
/**
 * What `rewrite` makes of a checkout, in a copy of it: counts by strategy, reasons, and whether the rewritten code is
 * as sound as it was.
 *
 *   node test/accuracy/rewrite.mjs ../mempool [--config FILE] [--owner] [--schema FILE] [--types] [--verify]
 *     [--mysql-url URL] [--reasons] [--show 10 [--seed 42]] [--keep]
 *
 * `--config` puts a seamripper.yml into the copy: those of test/accuracy/owners say which service has which tables, as
 * the team would. `--owner` gives every table to a service that is made for the run, so that every statement of the
 * repository crosses: repositories with few crossings tell little otherwise. `--schema` adds a script for tables that no
 * file of the checkout creates. `--types` compares the errors of the compiler before and after, `--verify` what was
 * rewritten with what there was; the checkout needs its packages for both, and `--mysql-url` a server for MySQL's.
 * `--show` prints as many rewrites, drawn with a shuffle that `--seed` begins, to be read.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { analyze } from '../../dist/analyzers/index.js'
import { Checkout, shuffled } from './checkout.mjs'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string' },
    owner: { type: 'boolean', default: false },
    schema: { type: 'string' },
    verify: { type: 'boolean', default: false },
    'mysql-url': { type: 'string' },
    types: { type: 'boolean', default: false },
    show: { type: 'string', default: '0' },
    seed: { type: 'string', default: '42' },
    reasons: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const [checkout] = positionals
if (!checkout) {
  console.error(
    'usage: rewrite.mjs CHECKOUT [--config FILE] [--owner] [--schema FILE] [--types] [--verify] [--mysql-url URL] [--show N [--seed N]] [--reasons] [--keep]',
  )
  process.exit(2)
}
const copy = new Checkout(checkout, flags)
const { root } = copy
const run = (command, ...args) => copy.seamripper(command, ...args)
if (flags.owner) await giveAllTables()
copy.begin()

const planned = run('rewrite', '--plan', '--format', 'json')
if (planned.status !== 0) fail(planned.stderr)
const plan = JSON.parse(planned.stdout)
const counts = countBy(plan.accesses, access => access.strategy)
console.log(
  `${plan.accesses.length} cross-service accesses: ${JSON.stringify(counts)}, ${plan.operations.length} operations`,
)
if (flags.reasons) {
  const open = plan.accesses.filter(access => access.edit === null)
  for (const [reason, count] of Object.entries(
    countBy(open, ({ reason }) => reason.replace(/`[^`]*`|\S+:\d+/g, '…')),
  ).sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(count).padStart(4)}  ${reason}`)
}

const ownersBefore = await ownersOf()
const sources = [...new Set(plan.accesses.filter(access => access.edit).map(access => access.file))]
const before = new Map(sources.map(file => [file, readFileSync(join(root, file), 'utf8')]))
const errorsBefore = flags.types ? typeErrors() : null
const written = run('rewrite', '--write', '--allow-dirty')
if (written.status !== 0) fail(`--write ended with ${written.status}: ${written.stderr}`)
const broken = sources.filter(
  file => parses(file, before.get(file)) && !parses(file, readFileSync(join(root, file), 'utf8')),
)
console.log(
  `${sources.length} files rewritten; ${broken.length} that parsed no longer do ${broken.join(' ')}`,
)
console.log(`--check ends with ${run('rewrite', '--check').status}`)
const ownersAfter = await ownersOf()
const moved = [...ownersBefore].filter(([table, owner]) => ownersAfter.get(table) !== owner)
console.log(`${moved.length} of ${ownersBefore.size} tables have another owner afterwards`)
for (const [table, owner] of moved) console.log(`  ${table}: ${owner}, then ${ownersAfter.get(table)}`)
copy.commit('after')
const again = run('rewrite', '--write', '--allow-dirty')
const changed = copy.git('status', '--porcelain').toString().trim()
console.log(
  `second run: ${changed === '' ? 'changes nothing' : `CHANGES ${changed.split('\n').length} FILES`} (${again.stderr.trim().split('\n')[0]})`,
)
if (flags.verify) {
  const url = flags['mysql-url']
  const { stdout, stderr, status } = run('verify', ...(url ? ['--mysql-url', url] : []))
  console.log(`verify ends with ${status} ${stderr.trim()}`)
  // What is equal is counted by the last line.
  console.log(stdout.replace(/^equal .*\n/gm, ''))
}
if (errorsBefore) {
  const errorsAfter = typeErrors()
  const added = [...errorsAfter].filter(error => !errorsBefore.has(error))
  const gone = [...errorsBefore].filter(error => !errorsAfter.has(error))
  console.log(
    `type errors: ${errorsBefore.size} before, ${errorsAfter.size} after; ${added.length} new, ${gone.length} gone`,
  )
  for (const error of added) console.log(`  + ${error}`)
  for (const error of gone) console.log(`  - ${error}`)
}
show(Number(flags.show))
if (flags.keep) console.log(root)
else copy.remove()

async function ownersOf() {
  const { tables } = await analyze({ root })
  return new Map(tables.map(({ id, owner }) => [id, owner]))
}

/** A service that owns what all databases hold. */
async function giveAllTables() {
  const map = await analyze({ root })
  const path = join(root, 'tables-owner')
  mkdirSync(join(path, 'src'), { recursive: true })
  writeFileSync(
    join(path, 'package.json'),
    '{ "name": "tables-owner", "scripts": { "start": "node src/index.js" } }\n',
  )
  writeFileSync(join(path, 'Dockerfile'), 'FROM node\n')
  writeFileSync(join(path, 'src/index.ts'), 'export const name = 1\n')
  const ids = map.datastores
    .filter(({ dialect }) => /^(?:mysql|postgresql)$/.test(dialect))
    .map(({ id }) => id)
  const own = ids.flatMap(id => [`  '${id}/*': tables-owner`])
  const configPath = join(root, 'seamripper.yml')
  const text = existsSync(configPath) ? readFileSync(configPath, 'utf8') : ''
  if (text.includes('owners:')) return
  writeFileSync(
    configPath,
    `${text}\nservices:\n  tables-owner: { path: tables-owner }\nowners:\n${own.join('\n')}\n`,
  )
}

function parses(file, text) {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest).parseDiagnostics.length === 0
}

/** Errors of the compiler in files that the rewrite touches or makes, without their lines. */
function typeErrors() {
  const errors = new Set()
  const configs = [...new Set(sources.map(configOf))].filter(path => path !== null)
  for (const path of configs) {
    const config = ts.parseJsonConfigFileContent(
      ts.readConfigFile(path, ts.sys.readFile).config,
      ts.sys,
      dirname(path),
    )
    const program = ts.createProgram(config.fileNames, {
      ...config.options,
      noEmit: true,
      incremental: false,
      composite: false,
    })
    for (const { file, code, messageText } of ts.getPreEmitDiagnostics(program)) {
      const name = file ? file.fileName.slice(root.length + 1) : ''
      errors.add(`${name} TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
    }
  }
  return errors
}

function configOf(file) {
  for (let folder = dirname(join(root, file)); folder.startsWith(root); folder = dirname(folder)) {
    const path = join(folder, 'tsconfig.json')
    if (existsSync(path)) return path
  }
  return null
}

/** Rewrites of calls, each as the lines of its diff. */
function show(count) {
  if (count === 0) return
  const hunks = sources.flatMap(file =>
    copy
      .git('diff', 'HEAD~1', 'HEAD', '-U3', '--', file)
      .toString()
      .split(/^(?=@@)/m)
      .slice(1)
      .map(hunk => `${file}\n${hunk}`),
  )
  for (const hunk of shuffled(hunks, Number(flags.seed)).slice(0, count)) console.log(`\n${hunk}`)
}

function countBy(list, keyOf) {
  const counts = {}
  for (const each of list) counts[keyOf(each)] = (counts[keyOf(each)] ?? 0) + 1
  return counts
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
