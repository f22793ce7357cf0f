import { setFlagsFromString } from 'node:v8'

/**
 * The SQL parsers run for a second at most, too short for what optimised code takes to make: 1,414 statements through
 * sqlparser-rs take 0.18 s of processor time instead of 0.98, through libpg-query 0.06 instead of 0.22 (a new process
 * each, Node 20.20; 22 and 24 alike). And of their functions most are never called, so each is compiled when it is: 0.1 s
 * less at every start.
 */
const COMPILE_WASM_ONCE = [
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  '--wasm-lazy-compilation',
  '--wasm-lazy-validation',
]

/**
 * What an analysis makes stays for its whole run. V8 begins with a small space for new values and copies what is in it
 * at each doubling; taking larger steps saves a twentieth of the time of 1,000 files of the bench.
 */
const GROW_SOONER = ['--semi-space-growth-factor=8']

/**
 * V8 makes optimised code of a function that ran through 132 KiB of bytecode. At six times that, 1,000 files of the
 * bench take 1.9 s of processor time instead of 2.8, 3,000 files 4.5 instead of 7.7, and a run of ten seconds as long as
 * before; never to optimise would cost such a run half as much again.
 */
const OPTIMISE_LATER = ['--interrupt-budget=800000']
/** The same where calls are counted: 1.8 s instead of 2.6 with Node 22, 1.8 instead of 2.3 with Node 24. */
const OPTIMISE_LATER_BY_CALLS = [
  '--invocation-count-for-maglev=4000',
  '--invocation-count-for-turbofan=20000',
]

/** By major version of V8, for one that doesn't know a flag says so on stderr. Node 20, 22 and 24 have these. */
const FLAGS: Record<string, string[]> = {
  11: [...COMPILE_WASM_ONCE, ...GROW_SOONER, ...OPTIMISE_LATER],
  12: [...COMPILE_WASM_ONCE, ...GROW_SOONER, ...OPTIMISE_LATER_BY_CALLS],
  13: [...COMPILE_WASM_ONCE, ...GROW_SOONER, ...OPTIMISE_LATER_BY_CALLS],
}

/**
 * Sets V8 up for a process that runs for a second or a few. For the command line only: these are settings of the whole
 * process, which `analyze` in another program leaves alone.
 */
export function tuneEngine(): void {
  const [major] = process.versions.v8.split('.')
  for (const flag of FLAGS[major!] ?? []) setFlagsFromString(flag)
}
