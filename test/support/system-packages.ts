/** Programs of the system that tests need: looked up, and on Debian and its like installed when they are missing. */
import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** For `beforeAll`: what a download and an installation may take, and the wait for those of other tests. */
export const INSTALL_TIMEOUT = 900_000

/** Where servers are found that are no commands for users. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin']

/** Test files run in processes of their own: one of them installs, the others wait and find it done. */
const LOCK = join(tmpdir(), 'seamripper-apt.lock')
/** Tells that the lists of packages are new. */
const UPDATED = join(tmpdir(), 'seamripper-apt-updated')

/**
 * `$1` is the program, `$2` the package, `$3` the file that tells when the lists were brought up to date. The lists are brought up to date at most once an hour;
 * a lock of someone else's apt is waited for.
 */
const INSTALL = `
set -e
PATH="$PATH:/usr/sbin:/sbin"; command -v "$1" >/dev/null && exit 0
export DEBIAN_FRONTEND=noninteractive
if [ -z "$(find "$3" -mmin -60 2>/dev/null)" ]; then
  for try in 1 2 3 4 5 6; do
    apt-get update -q && touch "$3" && break
    [ "$try" = 6 ] && exit 1
    sleep 10
  done
fi
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$2"
`

/**
 * The path of a program; where it is missing, its package is installed first with apt-get.
 *
 * @param program name on the PATH, such as `chromium`
 * @param aptPackage Debian's package that brings it
 * @throws Error that says what to install, if the program is missing and can't be installed here
 */
export async function ensureProgram(program: string, aptPackage: string = program): Promise<string> {
  const found = find(program)
  if (found !== null) return found
  const manual = `The tests need the program ${program}. Install it (Debian: apt-get install ${aptPackage}) so that it is on the PATH.`
  if (find('apt-get') === null || find('flock') === null) throw new Error(manual)
  const root = process.getuid?.() === 0
  if (!root && find('sudo') === null) throw new Error(`${manual} Only root can do that here.`)
  const words = [...(root ? [] : ['sudo', '-n']), 'flock', LOCK, 'sh', '-c', INSTALL, 'sh']
  try {
    await promisify(execFile)(words[0]!, [...words.slice(1), program, aptPackage, UPDATED], {
      maxBuffer: 1 << 26,
    })
  } catch (error) {
    throw new Error(`${manual} apt-get failed: ${tail(error)}`)
  }
  const installed = find(program)
  if (installed === null) throw new Error(`The package ${aptPackage} is installed but has no ${program}.`)
  return installed
}

/** The first executable file of that name on the PATH or among the servers. */
function find(program: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS]
  const candidates = folders.filter(folder => folder !== '').map(folder => join(folder, program))
  return candidates.find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** The end of what a failed command said. */
function tail(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
  const said = `${stdout}${stderr}`.trim()
  return said === '' ? String(error) : said.slice(-2000)
}
