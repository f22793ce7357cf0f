#!/usr/bin/env node
/**
 * Adopts the gate on a copy of a checkout as a team would, and sees whether it holds:
 *
 *   node test/accuracy/adopt.mjs ../shop [--config FILE] [--schema FILE] [--probes 10] [--renames 10] [--show] [--keep]
 *
 * 1. `init`, `baseline --write`, `check`: the check passes. With `--config` that file is what `init` would have written
 *    and people corrected.
 * 2. Moving code around: in every source file that is on the baseline functions and methods change their order, and
 *    everything comes some lines later. The check passes.
 * 3. Files are renamed, their imports with them. The check passes, before and after `baseline --prune`.
 * 4. Probes: one statement over another service's table beside one that is there, drawn with a seeded shuffle. The check
 *    fails with exactly that one, and its message has all that is needed to mend it: place, code, owner with evidence,
 *    what to do instead, and a command that works. With the comment that allows it, it passes.
 *
 * `--show` prints the first probe's message. Ends with status 1 if anything was otherwise.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { parseArgs } from 'node:util'
import { Checkout, shuffled } from './checkout.mjs'
import { otherOrder, placeBeside } from './edits.mjs'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    config: { type: 'string' },
    schema: { type: 'string' },
    probes: { type: 'string', default: '10' },
    renames: { type: 'string', default: '10' },
    show: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
if (positionals.length !== 1) {
  console.error(
    'usage: adopt.mjs CHECKOUT [--config FILE] [--schema FILE] [--probes N] [--renames N] [--show] [--keep]',
  )
  process.exit(2)
}

const copy = new Checkout(positionals[0], flags)
const { root } = copy
const cache = ['--cache-dir', join(root, '.git/seamripper')]
const read = file => readFileSync(join(root, file), 'utf8')
const write = (file, text) => writeFileSync(join(root, file), text)
let wrong = 0

copy.begin()
adopt()
const map = JSON.parse(copy.seamripper('map', '--format', 'json', ...cache).stdout)
const known = JSON.parse(copy.seamripper('check', '-f', 'json', ...cache).stdout).violations
const sources = [...new Set(known.map(({ file }) => file))].filter(file => /\.[cm]?[jt]sx?$/.test(file))
moveCode()
renameFiles()
addCrossings()
if (flags.keep) console.log(root)
else copy.remove()
process.exit(wrong > 0 ? 1 : 0)

/** Says what was expected to be so; `detail` is printed if it isn't. */
function expect(isSo, what, detail) {
  if (isSo) return true
  wrong++
  console.log(`NOT SO: ${what}\n${detail}`)
  return false
}

function expectPassed(when) {
  const { status, stdout, stderr } = copy.seamripper('check', ...cache)
  return expect(status === 0, `the check passes ${when}`, stdout + stderr)
}

function adopt() {
  for (const [command, ...args] of [['init'], ['baseline', '--write'], ['check']]) {
    if (command === 'init' && flags.config) continue
    const { status, stdout, stderr } = copy.seamripper(command, ...args, ...(command === 'init' ? [] : cache))
    const lines = (stdout || stderr).trim().split('\n')
    console.log(
      `${[command, ...args].join(' ')}: ${lines.find(line => / on the baseline/.test(line)) ?? lines[0]}`,
    )
    if (!expect(status === 0, `${command} ends with status 0`, stdout + stderr)) process.exit(1)
  }
  copy.commit('adopted')
}

function moveCode() {
  const moved = sources.filter(file => {
    const text = otherOrder(file, read(file))
    write(file, text.replace(/^(#!.*\n)?/, '$1// Moved\n//  by\n//   some lines.\n\n'))
    return text !== read(file)
  })
  if (expectPassed('when code was moved'))
    console.log(`moved: ${moved.length} files in another order, further down; the check passes`)
  copy.git('checkout', '-q', '.')
}

function renameFiles() {
  const onBaseline = () =>
    copy
      .seamripper('check', ...cache)
      .stdout.trim()
      .split('\n')
      .at(-1)
  const before = onBaseline()
  const patterns = ['*.ts', '*.tsx', '*.js', '*.mjs', '*.cjs', '*package.json']
  const files = copy
    .git('ls-files', '-z', ...patterns)
    .toString()
    .split('\0')
    .filter(file => file !== '')
  const texts = new Map(files.map(file => [file, read(file)]))
  const renames = new Map(
    shuffled(sources)
      .filter(file => isImportedByPath(file, texts))
      .slice(0, Number(flags.renames))
      .map(file => [file, file.replace(/(?=\.\w+$)/, '-under-another-name')]),
  )
  for (const [from, to] of renames) copy.git('mv', from, to)
  for (const [file, text] of texts) {
    const mended = withRenamedImports(file, text, renames)
    if (mended !== text) write(renames.get(file) ?? file, mended)
  }
  const isKept = expectPassed('when files were renamed')
  copy.seamripper('baseline', '--prune', ...cache)
  copy.commit('renamed')
  const isPruned = expectPassed('when the baseline was pruned after that')
  const after = onBaseline()
  const isEqual = expect(after === before, 'the baseline lists as much as before', `${before}\n${after}`)
  if (isKept && isPruned && isEqual)
    console.log(`renamed: ${renames.size} files; the check passes, and the baseline is as long as before`)
  copy.git('reset', '-q', '--hard', 'HEAD~1')
}

/** Files that a framework or a package finds by their names stay; so do those that are imported by an alias. */
function isImportedByPath(file, texts) {
  const name = posix.join(basename(dirname(file)), basename(file)).replace(/\.\w+$/, '')
  if (/\/(?:index|main|app|server|route|page|layout|middleware)$/.test(name)) return false
  const alias = new RegExp(`['"][^.'"][^'"]*${name.replace(/\W/g, '\\$&')}(?:\\.\\w+)?['"]`)
  return ![...texts].some(([path, text]) =>
    path.endsWith('package.json') ? text.includes(`${name}.`) : alias.test(text),
  )
}

function withRenamedImports(file, text, renames) {
  return text.replace(/(['"])(\.{1,2}\/[^'"]+)\1/g, (whole, quote, specifier) => {
    const target = posix.join(dirname(file), specifier)
    for (const from of renames.keys()) {
      const bare = from.replace(/\.\w+$/, '')
      if (target === bare || target.replace(/\.[cm]?[jt]sx?$/, '') === bare)
        return `${quote}${specifier.replace(/(?=(?:\.[cm]?[jt]sx?)?$)/, '-under-another-name')}${quote}`
    }
    return whole
  })
}

function addCrossings() {
  const wanted = Number(flags.probes)
  let done = 0
  for (const probe of probes()) {
    if (done === wanted) break
    const placed = placeBeside(read(probe.access.file), probe.access, `SELECT 1 FROM ${probe.name}`)
    if (placed === null) continue
    expectToldAlone(probe, placed, done === 0 && flags.show)
    done++
  }
  console.log(`probes: ${done === 1 ? '1 statement added' : `${done} statements added, one at a time`}`)
  expect(done > 0, 'there is a place for a statement', 'no call with its text beside it was found')
}

/** Statements that cross, each with a table of somebody else that its file does not use yet. */
function* probes() {
  const services = new Set(map.services.filter(({ kind }) => kind === 'service').map(({ name }) => name))
  const names = map.tables.map(({ name }) => name.toLowerCase())
  const once = new Set(names.filter(name => names.indexOf(name) === names.lastIndexOf(name)))
  for (const access of shuffled(map.accesses)) {
    const crossing = access.tables.find(({ crossService }) => crossService)
    if (!crossing || access.sql === null || !services.has(access.service)) continue
    const { datastore } = map.tables.find(({ id }) => id === crossing.id)
    const [table] = shuffled(map.tables, access.line).filter(
      each =>
        each.datastore === datastore &&
        each.kind === 'table' &&
        each.owner !== null &&
        each.owner !== access.service &&
        once.has(each.name.toLowerCase()) &&
        /^[a-z_]\w*$/.test(each.name) &&
        !known.some(({ file, table }) => file === access.file && table === each.id),
    )
    if (table) yield { access, table, name: table.schema ? `${table.schema}.${table.name}` : table.name }
  }
}

function expectToldAlone({ access, table }, { text, line, statement }, isShown) {
  const { file, service } = access
  const before = read(file)
  const place = `${file}:${line}`
  write(file, text)
  const judged = copy.seamripper('check', '-f', 'json', ...cache)
  const told = JSON.parse(judged.stdout).violations.filter(
    each => each.state === 'new' && each.severity === 'error',
  )
  const isAlone =
    told.length === 1 &&
    told[0].file === file &&
    told[0].line === line &&
    told[0].table === table.id &&
    told[0].service === service
  expect(
    judged.status === 1 && isAlone,
    `the check fails with the one statement at ${place} over ${table.id}`,
    JSON.stringify(told, null, 1),
  )
  const { stdout } = copy.seamripper('check', ...cache)
  if (isShown) console.log(`\n${stdout}`)
  const message = stdout.replace(/\s+/g, ' ')
  const isEvidence = table.evidence.some(({ file, line }) => message.includes(`(${file}:${line})`))
  for (const part of [
    place,
    statement,
    `${service} reads ${table.id}, which belongs to ${table.owner}`,
    `Instead Read it through an API client of ${table.owner}`,
    /\W/.test(file.replace(/[-./\w]/g, ''))
      ? `More seamripper explain '${place}'`
      : `More seamripper explain ${place}`,
    'Failed: 1 new violation',
  ])
    expect(message.includes(part), `the message at ${place} says: ${part}`, stdout)
  expect(isEvidence, `the message at ${place} says why ${table.owner} owns ${table.id}`, stdout)
  const explained = copy.seamripper('explain', place, ...cache)
  expect(
    explained.status === 0 && explained.stdout.includes(table.id),
    `explain ${place} tells of ${table.id}`,
    explained.stdout + explained.stderr,
  )
  const lines = text.split('\n')
  lines.splice(line - 1, 0, `// seamripper-allow read ${table.name} -- seen`)
  write(file, lines.join('\n'))
  expectPassed(`when ${place} is allowed`)
  write(file, before)
}
