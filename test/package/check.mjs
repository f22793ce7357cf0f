/**
 * Checks the package as a user gets it: packs this checkout, installs the tarball into an empty project, and there
 * runs the command line, the programmatic interface and the type checker. Ends with status 1 at the first failure.
 *
 *   node test/package/check.mjs
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeCorpus } from '../../bench/corpus/write.mjs'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'seamripper-package-'))

try {
  const project = join(folder, 'project')
  const tarball = pack()
  cpSync(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], project)
  commandLine(project)
  threads(project)
  programmaticInterface(project)
  types(project)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Packs the checkout (`prepare` builds it) and checks what is in the tarball. */
function pack() {
  // What the build prints comes before the JSON.
  const output = run('npm', ['pack', '--json', '--pack-destination', folder], checkout)
  const [{ filename, files }] = JSON.parse(output.slice(output.search(/\[\s*\{\s*"/)))
  const paths = files.map(file => file.path)
  for (const needed of [
    'LICENSE',
    'README.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/analyzers/index.d.ts',
    'docs/gate.md',
    'schemas/check.schema.json',
    'schemas/config.schema.json',
    'schemas/map.schema.json',
  ]) {
    assert(paths.includes(needed), `${needed} is missing from the tarball`)
  }
  const strange = paths.filter(
    path =>
      !/^(?:dist\/|codemods\/runtime\/|docs\/gate\.md$|schemas\/|package\.json$|README\.md$|LICENSE$)/.test(
        path,
      ),
  )
  assert.deepEqual(strange, [], 'the tarball holds files that no user needs')
  console.log(`packed ${filename}: ${files.length} files`)
  return join(folder, filename)
}

function commandLine(project) {
  assert.equal(run('npx', ['seamripper', '--version'], checkout), `${version}\n`)
  assert.equal(run('npx', ['seamripper', '--version'], project), `${version}\n`)
  const summary = run('npx', ['seamripper', 'map', 'shop'], project)
  assert.match(summary, /Crossing +1 access\b/)
  const map = JSON.parse(run('npx', ['seamripper', 'map', 'shop', '--format', 'json'], project))
  assert.deepEqual(
    map.edges.map(({ from, to, table, reads }) => ({ from, to, table, reads })),
    [{ from: 'orders', to: 'customers', table: 'shop/customers', reads: 1 }],
  )
  for (const format of ['html', 'svg', 'markdown', 'mermaid', 'dot', 'gexf', 'csv']) {
    assert.match(run('npx', ['seamripper', 'map', 'shop', '--format', format], project), /customers/)
  }
  assert.match(run('npx', ['seamripper', 'explain', 'shop/customers', 'shop'], project), /orders/)
  assert.match(run('npx', ['seamripper', 'init', 'shop', '--dry-run'], project), /^services:/m)
  const check = spawnSync('npx', ['seamripper', 'check', 'shop', '--format', 'sarif'], {
    cwd: project,
    encoding: 'utf8',
  })
  assert.equal(check.status, 1)
  assert.equal(JSON.parse(check.stdout).runs[0].results[0].ruleId, 'cross-service-join')
  run('npx', ['seamripper', 'map', 'shop', '--format', 'json', '--output', 'map.json'], project)
  const progress = run(
    'npx',
    ['seamripper', 'progress', '--history', 'map.json', '--format', 'json'],
    project,
  )
  assert.equal(JSON.parse(progress).points[0].crossings.accesses, 1)
  const { status } = spawnSync('npx', ['seamripper', 'map', 'nowhere'], { cwd: project })
  assert.equal(status, 2)
  console.log('the command line works in an empty project')
}

/** Enough files for further threads to be started: these run the bundled code of their own. */
function threads(project) {
  writeCorpus({ folder: join(project, 'large'), seed: 7, files: 500, lines: 50_000 })
  const [alone, shared] = ['1', '3'].map(jobs => {
    const words = ['seamripper', 'map', 'large', '--no-cache', '--format', 'json', '--jobs', jobs]
    const { stdout, stderr } = spawnSync('npx', words, { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 28 })
    // A thread that could not start would be told there.
    assert.equal(stderr, '')
    return stdout
  })
  assert(JSON.parse(alone).accesses.length > 300)
  assert(shared === alone, 'the map is another one with more threads')
  console.log('and runs on several threads')
}

function programmaticInterface(project) {
  assert.equal(run('node', ['analyze.mjs'], project), 'orders -> customers: shop/customers\n')
  console.log('import { analyze } works there')
}

/** Types, without `skipLibCheck`: they may not lean on packages that a user doesn't have. */
function types(project) {
  run('node', [join(checkout, 'node_modules/typescript/bin/tsc'), '-p', project], project)
  console.log('and so do its types')
}

/** What a command prints; throws, with all that it said, if it ends with another status than 0. */
function run(command, args, cwd) {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`)
  }
}
