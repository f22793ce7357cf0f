/** Real MariaDB and PostgreSQL: one server each for a run of the tests, a database of its own for who asks. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { MAIN, SERVERS } from './servers.js'
import { ensureProgram, INSTALL_TIMEOUT } from './system-packages.js'

export { INSTALL_TIMEOUT } from './system-packages.js'

export interface DatabaseAddress {
  host: string
  port: number
  user: string
  database: string
}

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

/** A new, empty database of MariaDB. */
export async function mariadbDatabase(): Promise<DatabaseAddress> {
  const address = await server('mariadb', startMariadb)
  const connection = await mysql.createConnection(address)
  const database = newName()
  await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`)
  await connection.end()
  return { ...address, database }
}

/** A new, empty database of PostgreSQL. */
export async function postgresDatabase(): Promise<DatabaseAddress> {
  const address = await server('postgres', startPostgres)
  const client = new pg.Client({ ...address, database: 'postgres' })
  await client.connect()
  const database = newName()
  await client.query(`CREATE DATABASE ${database}`)
  await client.end()
  return { ...address, database }
}

function newName(): string {
  return `test_${randomBytes(6).toString('hex')}`
}

interface Started {
  host: string
  port: number
  user: string
}

/** Starts a server, or waits for the one that another test file starts. */
async function server(
  name: string,
  start: (folder: string, port: number) => Promise<ChildProcess>,
): Promise<Started> {
  const folder = process.env[SERVERS]
  if (folder === undefined) throw new Error('vitest.config.ts has no globalSetup of test/support/servers.ts')
  const ready = join(folder, `${name}.json`)
  const failed = join(folder, `${name}.failed`)
  const isFirst = mkdirSync(join(folder, name), { recursive: true }) !== undefined
  if (isFirst) {
    try {
      chmodSync(folder, 0o755)
      const port = await freePort()
      const started = await start(join(folder, name), port)
      writeFileSync(join(folder, `${name}.pid`), String(started.pid))
      const address = { host: '127.0.0.1', port, user: name === 'postgres' ? 'postgres' : 'root' }
      await untilReady(name, address, started)
      started.unref()
      writeFileSync(`${ready}.new`, JSON.stringify(address))
      renameSync(`${ready}.new`, ready)
    } catch (error) {
      writeFileSync(failed, String(error))
      throw error
    }
  }
  for (const end = Date.now() + INSTALL_TIMEOUT; Date.now() < end; ) {
    const files = readdirSync(folder)
    if (files.includes(`${name}.json`)) return JSON.parse(readFileSync(ready, 'utf8'))
    if (files.includes(`${name}.failed`)) throw new Error(readFileSync(failed, 'utf8'))
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${name} did not start`)
}

async function startMariadb(folder: string, port: number): Promise<ChildProcess> {
  const mariadbd = await ensureProgram('mariadbd', 'mariadb-server')
  const install = await ensureProgram('mariadb-install-db', 'mariadb-server')
  const data = join(folder, 'data')
  const user = isRoot ? ['--user=root'] : []
  await run(install, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    ...user,
  ])
  const settings = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
    ...user,
  ]
  return detached(mariadbd, settings, folder)
}

async function startPostgres(folder: string, port: number): Promise<ChildProcess> {
  const programs = await postgresPrograms()
  const data = join(folder, 'data')
  // PostgreSQL refuses to run as root.
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  if (isRoot) await run('chown', ['postgres', folder])
  const initialize = [...as, join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust']
  const [first = '', ...rest] = [...initialize, '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  await run(first, rest, { cwd: '/' })
  const settings = ['-D', data, '-k', folder, '-h', '127.0.0.1', '-p', String(port), '-c', 'fsync=off']
  const [program = '', ...words] = [...as, join(programs, 'postgres'), ...settings]
  return detached(program, words, folder)
}

/** Debian keeps them off the PATH. */
async function postgresPrograms(): Promise<string> {
  await ensureProgram('pg_ctlcluster', 'postgresql')
  const root = '/usr/lib/postgresql'
  const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return join(root, newest ?? '', 'bin')
}

/** Ends the server when it is told to, or when the process `$1` has ended. */
const KEEP = `
main=$1; shift
"$@" & server=$!
trap 'kill $server' TERM
while kill -0 $main 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1 & wait $!; done
kill $server 2>/dev/null
wait $server
`

/** Outlives the process of the test file that starts it. */
function detached(program: string, words: string[], folder: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a')
  const main = process.env[MAIN] ?? ''
  return spawn('sh', ['-c', KEEP, 'sh', main, program, ...words], {
    cwd: '/',
    // Not that of the test file that happens to be first.
    env: { ...process.env, TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', log, log],
  })
}

async function untilReady(name: string, address: Started, started: ChildProcess): Promise<void> {
  for (const end = Date.now() + 60_000; ; ) {
    try {
      if (name === 'postgres') {
        const client = new pg.Client({ ...address, database: 'postgres' })
        await client.connect()
        await client.end()
      } else await (await mysql.createConnection(address)).end()
      return
    } catch (error) {
      if (started.exitCode !== null || Date.now() > end) throw new Error(`${name} does not start: ${error}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
