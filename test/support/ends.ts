import { spawnSync } from 'node:child_process'

/** Far beyond what any of them takes on a busy machine; what takes time that grows with the square takes hours. */
const PATIENCE = 120_000

/**
 * Runs a function of a module on texts, in a process that can be ended from outside: a test's own limit never strikes
 * while its thread is busy, and how long a thing takes by the clock depends on what else runs.
 *
 * @param run an arrow function as text: of the module's exports and a text
 * @returns the name of the first text that it did not come to an end with, or null
 */
export function doesNotEnd(module: URL, run: string, texts: [name: string, text: string][]): string | null {
  const code = `import * as subject from ${JSON.stringify(module.href)}
import { readFileSync, writeSync } from 'node:fs'
const run = ${run}
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  run(subject, text)
  writeSync(1, '.')
}`
  const words = ['--import', 'tsx', '--input-type=module', '-e', code]
  const { stdout, stderr, status } = spawnSync(process.execPath, words, {
    input: JSON.stringify(texts.map(([, text]) => text)),
    encoding: 'utf8',
    timeout: PATIENCE,
  })
  if (status !== 0 && stderr !== '') throw new Error(`${texts[stdout.length]?.[0]}: ${stderr}`)
  return texts[stdout.length]?.[0] ?? null
}
