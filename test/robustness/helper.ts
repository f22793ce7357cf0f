import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { analyze } from '../../analyzers/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { linesOf } from '../link/helper.js'

/** Files by path. */
export type Tree = Record<string, string | Buffer>

/** A file that has to be analysed whatever lies beside it. */
const good = `import pg from 'pg'
const pool = new pg.Pool()
export const users = () => pool.query('SELECT * FROM users')
`
const base: Tree = {
  'package.json': '{ "name": "app", "dependencies": { "pg": "*" } }',
  'src/good.ts': good,
}

/** A temporary folder with these files beside the good one, gone when the test ends. */
export function makeTree(files: Tree): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'seamripper-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries({ ...base, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

export interface Outcome {
  map: DependencyMap
  /** Lines of accesses and of what is unresolved, without those of the good file. */
  lines: string[]
  /** `code file:line` of each diagnostic that has a file. */
  diagnostics: string[]
}

/** Analyses a folder. Throws if the good file's access is not found: the run has to go on. */
export async function outcomeOf(root: string): Promise<Outcome> {
  const map = await analyze({ root })
  const lines = linesOf(map)
  if (!lines.includes('src/good.ts:3 read users'))
    throw new Error(`the good file is lost: ${lines.join('\n')}`)
  return {
    map,
    lines: lines.filter(line => !line.startsWith('src/good.ts')),
    diagnostics: map.diagnostics
      .filter(({ file }) => file !== null)
      .map(({ code, file, line }) => `${code} ${file}${line === null ? '' : `:${line}`}`),
  }
}

/**
 * What becomes of a file that ends in a statement on the table `last`: `found`, where all is well, else what tells of
 * the gap, `nested-too-deep src/deep.ts:1`. Nothing at all is `silent`.
 */
export async function fateOf(code: string, path = 'src/deep.ts'): Promise<string> {
  const header = "import pg from 'pg'; const pool = new pg.Pool()\n"
  const root = makeTree({
    [path]: `${header}${code}\nexport const last = () => pool.query('SELECT * FROM last')\n`,
  })
  const { lines, diagnostics } = await outcomeOf(root)
  if (lines.some(line => line.startsWith(`${path}:`) && /\bread .*\blast\b/.test(line))) return 'found'
  return diagnostics.find(each => each.includes(`${path}:`)) ?? 'silent'
}
