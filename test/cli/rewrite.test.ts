import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'rolldown'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { ensureProgram } from '../support/system-packages.js'
import { seamripper, TOOL } from './run.js'

const CALL = `import { db } from './db'

export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}
`

/** What git sees of a folder, without what is committed. */
function status(root: string): string {
  return execFileSync('git', ['status', '--porcelain', '-uall'], { cwd: root, encoding: 'utf8' })
}

describe('rewrite', () => {
  let root: string
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
      cwd: root,
      stdio: 'ignore',
    })
  beforeEach(() => {
    root = writeFolder({ ...platformFiles('mysql'), 'shop/src/find.ts': CALL })
    git('init')
    git('add', '-A')
    git('commit', '-m', 'x')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const find = () => readFileSync(join(root, 'shop/src/find.ts'), 'utf8')

  it('shows a diff and writes nothing', () => {
    const { status, stdout, stderr } = seamripper(['rewrite', root])
    expect(status).toBe(0)
    expect(stdout).toContain(
      "-  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])\n",
    )
    expect(stdout).toContain('+  const rows = await clinicClient.getPatientById<any>({ id })\n')
    expect(stderr).toContain('Nothing was written')
    expect(find()).toBe(CALL)
  })

  it('colours the diff where it is told to', () => {
    expect(seamripper(['rewrite', root, '--color']).stdout).toContain('\u001b[32m+  const rows')
  })

  it('writes, says what to do next, and finds nothing the second time', () => {
    const first = seamripper(['rewrite', root, '--write'])
    expect(first.status).toBe(0)
    expect(first.stdout).toContain('changed shop/src/find.ts\n')
    expect(first.stderr).toContain("app.use('/api/v1/operations'")
    expect(find()).toContain('clinicClient.getPatientById')
    const second = seamripper(['rewrite', root, '--write', '--allow-dirty'])
    expect(second.stderr).toContain('Nothing to rewrite.')
    expect(seamripper(['rewrite', root, '--check']).status).toBe(0)
  })

  it('checks that generated files are what they would be', () => {
    seamripper(['rewrite', root, '--write'])
    const path = join(root, 'clinic/src/seamripper/openapi.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('getPatientById', 'getPatient'))
    const { status, stdout } = seamripper(['rewrite', root, '--check'])
    expect(status).toBe(1)
    expect(stdout).toBe('outdated clinic/src/seamripper/openapi.json\n')
  })

  it('wants everything committed', () => {
    writeFileSync(join(root, 'note.txt'), 'x')
    const { status, stderr } = seamripper(['rewrite', root, '--write'])
    expect(status).toBe(2)
    expect(stderr).toContain('Commit first, or give --allow-dirty')
    expect(find()).toBe(CALL)
  })

  it('writes over nothing that somebody wrote by hand, and then nothing else', () => {
    mkdirSync(join(root, 'clinic/src/seamripper'))
    writeFileSync(join(root, 'clinic/src/seamripper/server.ts'), 'export const mine = 1\n')
    const { status, stderr } = seamripper(['rewrite', root, '--write', '--allow-dirty'])
    expect(status).toBe(2)
    expect(stderr).toContain('clinic/src/seamripper/server.ts')
    expect(find()).toBe(CALL)
    expect(existsSync(join(root, 'seamripper.operations.json'))).toBe(false)
  })

  it.each([
    ['--service', 'shop'],
    ['--table', 'patients'],
    ['--table', 'platform/patients'],
    ['--operation', 'clinic.getPatientById'],
    ['--only', 'lift'],
    ['--strategy', 'lift'],
  ])('takes %s %s', (...words) => {
    expect(seamripper(['rewrite', root, ...words]).stderr).toContain('1 rewrite in 1 file, ')
  })

  it('shows what a person wrote before what is generated', () => {
    const { stdout } = seamripper(['rewrite', root])
    expect(stdout.match(/^\+\+\+ .*/gm)!.slice(0, 2)).toEqual([
      '+++ b/shop/src/find.ts',
      expect.stringContaining('/seamripper/'),
    ])
  })

  it.each([
    [['--service', 'shp'], 'The map has no service "shp". Did you mean shop?'],
    [['--plan', '--service', 'shp'], 'The map has no service "shp". Did you mean shop?'],
    [['--service', 'clinic'], 'clinic has no cross-service access'],
    [['--table', 'patient'], 'The map has no table "patient". Did you mean patients or platform/patients?'],
    [['--plan', '--table', 'nobody'], 'The map has no table "nobody". See what the map has: '],
    [['--only', 'split'], 'No rewrite is chosen'],
    [['--write', '--check'], '--write does not go with --check'],
    [['--interactive'], '--interactive needs a terminal'],
  ])('refuses %s', (words, message) => {
    const { status, stderr } = seamripper(['rewrite', root, ...words])
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it('tells what the map counts for a service in libraries that it runs', () => {
    const { stdout } = seamripper(['rewrite', 'fixtures/nilecare', '--plan', '--service', 'billing-service'])
    expect(stdout).toMatch(/^1 lift, 1 split, 5 by hand of 7 cross-service accesses\n/)
    expect(stdout).toMatch(
      /\n2 more are in shared-database, for all that run it: seamripper rewrite --plan --service shared-database fixtures\/nilecare\n$/,
    )
  })

  it('prints the plan for people and machines', () => {
    const { stdout } = seamripper(['rewrite', root, '--plan'])
    expect(stdout).toBe(
      '1 lift of 1 cross-service access\n\nlift (1)\n\n  shop/src/find.ts:4  clinic.getPatientById\n      all of its tables belong to clinic\n',
    )
    const plan = JSON.parse(seamripper(['rewrite', root, '--plan', '--format', 'json']).stdout)
    expect(plan.accesses).toMatchObject([{ file: 'shop/src/find.ts', line: 4, strategy: 'lift' }])
    expect(plan.operations).toMatchObject([{ name: 'getPatientById', owner: 'clinic', kind: 'one' }])
  })

  it('is told by map and by explain, as the plan has it', () => {
    expect(seamripper(['map', root]).stdout).toMatch(
      /^ {2}Rewrite +of 1 crossing: 1 can be lifted; see\s+seamripper rewrite --plan /m,
    )
    for (const asked of ['patients', 'shop', 'shop/src/find.ts:4']) {
      expect(seamripper(['explain', asked, root]).stdout).toMatch(
        /\nWhat rewrite would do.*\n {2}shop\/src\/find\.ts:4 +lift +as clinic\.getPatientById\n/,
      )
    }
  })

  it('removes what nothing needs any more, and fails the check until then', () => {
    seamripper(['rewrite', root, '--write'])
    writeFileSync(join(root, 'shop/src/find.ts'), "import { db } from './db'\n")
    const operation = 'clinic/src/seamripper/operations/getPatientById.ts'
    const check = seamripper(['rewrite', root, '--check'])
    expect([check.status, check.stdout]).toEqual([1, expect.stringContaining(`unused   ${operation}\n`)])
    expect(seamripper(['rewrite', root]).stdout).toContain(`--- a/${operation}\n+++ /dev/null\n`)
    expect(existsSync(join(root, operation))).toBe(true)
    const { stdout, stderr } = seamripper(['rewrite', root, '--write', '--allow-dirty'])
    expect(stdout).toContain(`removed ${operation}\n`)
    expect(stderr).toContain('0 rewrites in 0 files, 0 generated files, ')
    expect(existsSync(join(root, 'clinic/src/seamripper'))).toBe(false)
  })

  it('writes nothing where the disk takes no more', () => {
    const before = status(root)
    // Files of more than 4 KiB are refused by the system, in the middle of the writing.
    const words = [process.execPath, ...TOOL, 'rewrite', root, '--write'].map(word => `'${word}'`).join(' ')
    const { status: code, stderr } = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 4; ${words}`], {
      encoding: 'utf8',
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('Nothing was changed: EFBIG')])
    expect(status(root)).toBe(before)
    expect(find()).toBe(CALL)
  })

  it('says what is lost where it goes out of a transaction', () => {
    writeFileSync(
      join(root, 'shop/src/admit.ts'),
      `import { db } from './db'

export async function admit(id: string) {
  const conn = await db.getConnection()
  await conn.beginTransaction()
  await conn.execute('UPDATE orders SET total = 0 WHERE patient_id = ?', [id])
  await conn.execute('UPDATE patients SET visits = visits + 1 WHERE id = ?', [id])
  await conn.commit()
}
`,
    )
    const plan = (...words: string[]) => seamripper(['rewrite', root, '--plan', ...words]).stdout
    expect(plan()).toMatch(/by hand \(1\)\n\n {2}shop\/src\/admit\.ts:7 .*\n {6}it runs in the transaction/)
    expect(plan('--in-transactions')).toMatch(
      /lift \(2\)\n\n {2}shop\/src\/admit\.ts:7 .*\n.*\n {6}lost: it no longer commits or rolls back with the transaction that begins at shop\/src\/admit\.ts:5/,
    )
  })

  describe('on a terminal', () => {
    /** Runs the tool on a pseudo-terminal, giving each answer when it is asked. */
    const onTerminal = async (words: string[], answers: string[] = []) => {
      const script = await ensureProgram('script', 'bsdutils')
      const command = [process.execPath, ...TOOL, ...words].map(word => `'${word}'`).join(' ')
      const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...env } = process.env
      const child = spawn(script, ['-qefc', command, '/dev/null'], { env: { ...env, TERM: 'xterm' } })
      let output = ''
      let asked = 0
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk
        const questions = output.split('[y/n/q] ').length - 1
        while (asked < questions) child.stdin.write(`${answers[asked++] ?? 'q'}\n`)
      })
      const [code] = await once(child, 'close')
      return { code, output, asked }
    }

    it('is coloured, and in a pipe not', async () => {
      const { output } = await onTerminal(['rewrite', root])
      expect(output).toContain('\u001b[32m+  const rows = await')
      expect(output).toContain('\u001b[31m-  const [rows] = await')
      expect(seamripper(['rewrite', root]).stdout).not.toContain('\u001b')
      expect((await onTerminal(['rewrite', root, '--no-color'])).output).not.toContain('\u001b[32m')
    })

    it.each([
      [['y', 'n'], true, false],
      [['n', 'yes'], false, true],
      [['q'], false, false],
      [['', 'y'], false, true],
    ])('asks for each: %s', async (answers, first, second) => {
      const ward = CALL.replace('mrn FROM patients', 'name FROM wards')
      writeFileSync(join(root, 'shop/src/ward.ts'), ward)
      const { output, asked } = await onTerminal(
        ['rewrite', root, '--interactive', '--write', '--allow-dirty'],
        answers,
      )
      expect(asked).toBe(answers.length)
      expect(output).toContain('shop/src/find.ts:4 -> clinic.getPatientById (lift)? [y/n/q]')
      expect(find().includes('clinicClient')).toBe(first)
      expect(readFileSync(join(root, 'shop/src/ward.ts'), 'utf8').includes('clinicClient')).toBe(second)
      const operations = join(root, 'clinic/src/seamripper/operations')
      expect(existsSync(join(operations, 'getPatientById.ts'))).toBe(first)
      expect(existsSync(join(operations, 'getWardById.ts'))).toBe(second)
    })
  })

  it('is a transform of the jscodeshift command line too', async () => {
    writeFileSync(join(root, 'plan.json'), seamripper(['rewrite', root, '--plan', '-f', 'json']).stdout)
    const require = createRequire(import.meta.url)
    // As the package has it: one file that can be required.
    const transform = join(root, 'lift.cjs')
    await build({
      input: require.resolve('../../codemods/transforms/jscodeshift.ts'),
      platform: 'node',
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
      output: { file: transform, format: 'cjs' },
      logLevel: 'silent',
    })
    const words = [
      require.resolve('jscodeshift/bin/jscodeshift.js'),
      '--run-in-band',
      '--no-babel',
      '--parser=ts',
      '-t',
      transform,
      `--plan=${join(root, 'plan.json')}`,
      `--root=${root}`,
      join(root, 'shop/src/find.ts'),
    ]
    const run = () => execFileSync(process.execPath, words, { encoding: 'utf8' })
    expect(run()).toContain('1 ok')
    expect(find()).toContain('const rows = await clinicClient.getPatientById<any>({ id })')
    expect(run()).toContain('0 ok')
  })
})
