/** Runs commands as a user would, each time as a new process, and measures them from outside. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** GNU time: waits for one child and so knows its `rusage`, which Node tells of no child. */
const GNU_TIME = '/usr/bin/time'
/** User and system time in seconds, `ru_maxrss` in KiB. */
const GNU_TIME_FORMAT = '%U %S %M'
export const canMeasureUsage = process.platform === 'linux' && existsSync(GNU_TIME)

/**
 * Runs one command to its end, its output thrown away.
 *
 * @returns {{ wall: number, cpu: number | null, mebibytes: number | null }} wall time and processor time of all its
 *   threads in milliseconds, and peak resident memory; null where that can't be had
 * @throws if it can't be started or ends with another status than the accepted ones
 */
export function measure(command, args, accepted = [0]) {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-bench-'))
  const report = join(folder, 'usage')
  try {
    const [program, ...words] = canMeasureUsage
      ? [GNU_TIME, '-q', '-f', GNU_TIME_FORMAT, '-o', report, command, ...args]
      : [command, ...args]
    const start = performance.now()
    const { status, error, stderr } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    const wall = performance.now() - start
    if (error) throw error
    if (!accepted.includes(status)) throw new Error(`${command} ended with status ${status}: ${stderr}`)
    if (!canMeasureUsage) return { wall, cpu: null, mebibytes: null }
    const [user, system, kibibytes] = readFileSync(report, 'utf8').split(' ').map(Number)
    return { wall, cpu: (user + system) * 1000, mebibytes: kibibytes / 1024 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Measures several commands in turn, so that what else the machine does meets all of them alike.
 *
 * `before` of a command is called before each of its runs.
 *
 * @returns for each command the median times and the highest memory
 */
export function measureInTurn(commands, rounds) {
  const results = commands.map(() => [])
  for (let round = 0; round < rounds; round++) {
    commands.forEach(({ command, args, accepted, before = () => {} }, index) => {
      before()
      results[index].push(measure(command, args, accepted))
    })
  }
  return results.map(runs => ({
    wall: median(runs.map(run => run.wall)),
    cpu: canMeasureUsage ? median(runs.map(run => run.cpu)) : null,
    mebibytes: canMeasureUsage ? Math.max(...runs.map(run => run.mebibytes)) : null,
  }))
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
