/**
 * How long a map takes and how much memory, beside a plain syntax search over the same tree.
 *
 *   npm run bench                                     two made-up corpora, of 1,000 files and of 300,000 lines
 *   npm run bench -- --files 500 --lines 60000        one made-up corpus of that size
 *   npm run bench -- ../shop ../crowd.dev             these folders
 *
 * Then `check` again: with nothing changed since the run before, with one file changed that has SQL, and with one that has
 * none. Of a folder that was given a copy is changed, without `node_modules`
 * and `.git`.
 *
 * Every run is a new process; the files are in the system's cache. No test looks at the figures.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeCorpus } from './corpus/write.mjs'
import { canMeasureUsage, measureInTurn } from './measure.mjs'

const TARGET_RATIO = 3
const TARGET_MEBIBYTES = 1024
/** Share of the cold time that a run may take after a change of one file. */
const TARGET_SHARE = 1 / 5
/** The search that time is compared with: every call of a method `query`. */
const PATTERN = '$A.query($$$)'
/** The corpus of the memory target has this many lines. */
const MANY_LINES = 300_000

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string' },
    lines: { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
  },
})
const runs = number('runs')
let edits = 0
const seed = number('seed')

const seamripper = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'bin', 'seamripper.js')
if (!existsSync(seamripper)) throw new Error(`${seamripper} is missing: npm run build`)
const astGrep = astGrepBinary()

console.log(
  `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}); median of ${runs} new processes`,
)
if (!canMeasureUsage)
  console.log('Without processor time and memory: they take Linux and GNU time (apt-get install time).')

if (positionals.length > 0) for (const path of positionals) benchCopy(path)
else for (const size of sizes()) benchGenerated(size)

/** Sizes of the corpora to make. */
function sizes() {
  if (options.files === undefined && options.lines === undefined) {
    return [
      { files: 1000, lines: 100_000 },
      { files: MANY_LINES / 100, lines: MANY_LINES },
    ]
  }
  const lines = options.lines === undefined ? number('files') * 100 : number('lines')
  return [{ lines, files: options.files === undefined ? Math.ceil(lines / 100) : number('files') }]
}

function benchGenerated(size) {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-corpus-'))
  try {
    const { files, lines } = writeCorpus({ folder, seed, ...size })
    bench(`made up, seed ${seed}: ${whole(files)} files, ${whole(lines)} lines`, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Measures a copy of a folder, which may be edited. */
function benchCopy(original) {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-copy-'))
  try {
    const filter = path => !['node_modules', '.git'].includes(basename(path))
    cpSync(original, folder, { recursive: true, verbatimSymlinks: true, filter })
    bench(basename(resolve(original)), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Measures one folder, which is edited at the end, and prints the figures. */
function bench(title, folder) {
  const { coverage, accesses } = mapOf(folder)
  const map = (...words) => ({
    command: process.execPath,
    args: [seamripper, 'map', folder, '--no-cache', ...words],
    accepted: [0],
  })
  const [ours, asJson, onOneThread, theirs] = measureInTurn(
    [
      // The summary also tells what `rewrite` would do; the JSON is the map alone.
      map(),
      map('--format', 'json'),
      map('--format', 'json', '--jobs', '1'),
      // ast-grep ends with 1 where it finds nothing.
      { command: astGrep, args: ['run', '-p', PATTERN, folder], accepted: [0, 1] },
    ],
    runs,
  )
  const row = (name, { wall, cpu, mebibytes }) => [name, wall, (wall / coverage.files) * 1000, cpu, mebibytes]
  console.log(`\n${title}`)
  console.log(
    `  read ${whole(coverage.files)} files, ${whole(coverage.lines)} lines; found ${whole(accesses.length)} accesses`,
  )
  printTable([
    ['', 'wall ms', 'wall ms per 1,000 files', 'CPU ms', 'peak MiB'],
    row('seamripper map', ours),
    row('seamripper map --format json', asJson),
    row('the same with --jobs 1', onOneThread),
    row(`ast-grep run -p '${PATTERN}'`, theirs),
  ])
  const [load] = loadavg()
  if (load > cpus().length * 2)
    console.log(`  load average ${load.toFixed(1)}: on so busy a machine wall times tell little`)
  const ratio = ours.wall / theirs.wall
  console.log(
    `  time: ${ratio.toFixed(1)} x ast-grep (the JSON: ${(asJson.wall / theirs.wall).toFixed(1)} x), aim <= ${TARGET_RATIO} x: ${verdict(ratio <= TARGET_RATIO)}`,
  )
  benchCache(folder, [...new Set(accesses.map(access => access.file))])
  if (ours.mebibytes === null || coverage.lines < MANY_LINES * 0.95) return
  const isSmall = ours.mebibytes < TARGET_MEBIBYTES
  console.log(
    `  memory: ${whole(ours.mebibytes)} MiB, aim < ${whole(TARGET_MEBIBYTES)} MiB: ${verdict(isSmall)}`,
  )
}

/** How long `check` takes without a cache, with one, and with one after a change of one of the files. */
function benchCache(folder, files) {
  const cache = mkdtempSync(join(tmpdir(), 'seamripper-cache-'))
  const check = (...words) => ({
    command: process.execPath,
    args: [seamripper, 'check', folder, ...words],
    // The corpora have crossings.
    accepted: [0, 1],
  })
  const warm = check('--cache-dir', cache)
  try {
    const [cold] = measureInTurn([check('--no-cache')], runs)
    measureInTurn([warm], 1)
    const [unchanged] = measureInTurn([warm], runs)
    const rows = [
      ['', 'wall ms', 'CPU ms', 'peak MiB'],
      ['seamripper check --no-cache', cold.wall, cold.cpu, cold.mebibytes],
      ['with nothing changed', unchanged.wall, unchanged.cpu, unchanged.mebibytes],
    ]
    if (files.length === 0) {
      printTable(rows)
      return
    }
    const [changed] = measureInTurn([{ ...warm, before: () => editOne(files, folder) }], runs)
    const [other] = measureInTurn(
      [{ ...warm, before: () => editOne(sourcesWithout(files, folder), folder) }],
      runs,
    )
    printTable([
      ...rows,
      ['with one file changed that has SQL', changed.wall, changed.cpu, changed.mebibytes],
      ['with one that has none', other.wall, other.cpu, other.mebibytes],
    ])
    const share = changed.wall / cold.wall
    const ofCpu =
      changed.cpu === null ? '' : ` (${((changed.cpu / cold.cpu) * 100).toFixed(0)} % of its CPU time)`
    console.log(
      `  one file changed: ${(share * 100).toFixed(0)} % of the cold time${ofCpu}, aim < ${TARGET_SHARE * 100} %: ${verdict(share < TARGET_SHARE)}`,
    )
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}

/** Source files that are none of these. */
function sourcesWithout(files, folder) {
  const known = new Set(files)
  return readdirSync(folder, { recursive: true })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => /(?<!\.d)\.tsx?$/.test(path) && !/test|spec/.test(path) && !known.has(path))
    .sort()
}

/** Adds a line at the top of one of the files, another one each time. */
function editOne(files, folder) {
  edits++
  const file = join(folder, files[(edits * 7919) % files.length])
  writeFileSync(file, `// edit ${edits}\n${readFileSync(file, 'utf8')}`)
}

/** The map itself, from a run that is not measured; it also warms the file cache. */
function mapOf(folder) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [seamripper, 'map', folder, '--no-cache', '--format', 'json'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    },
  )
  if (status !== 0) throw new Error(`seamripper map ${folder} ended with status ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

/** ast-grep's own binary: starting it through npx or its launcher would be measured too. */
function astGrepBinary() {
  const require = createRequire(createRequire(import.meta.url).resolve('@ast-grep/cli/package.json'))
  const suffix = { linux: '-gnu', win32: '-msvc' }[process.platform] ?? ''
  const manifest = require.resolve(`@ast-grep/cli-${process.platform}-${process.arch}${suffix}/package.json`)
  return join(dirname(manifest), process.platform === 'win32' ? 'ast-grep.exe' : 'ast-grep')
}

function number(option) {
  const value = Number(options[option])
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} takes a whole number from 1 up`)
  return value
}

function printTable(rows) {
  const cells = rows.map(row => row.map(cell => (typeof cell === 'string' ? cell : whole(cell))))
  const widths = cells[0].map((_, column) => Math.max(...cells.map(row => row[column].length)))
  for (const [name, ...figures] of cells) {
    const padded = figures.map((figure, index) => figure.padStart(widths[index + 1]))
    console.log(`  ${[name.padEnd(widths[0]), ...padded].join('  ')}`)
  }
}

function whole(value) {
  return value === null ? '-' : Math.round(value).toLocaleString('en-US')
}

function verdict(isMet) {
  return isMet ? 'met' : 'missed'
}
