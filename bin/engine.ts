import { setFlagsFromString } from 'node:v8'

/**
 * Sets V8 up for a process that runs for a second or a few. For the command line only: these are settings of the whole
 * process, which `analyze` in another program leaves alone. A V8 that doesn't know one of them goes on without.
 */
export function tuneEngine(): void {
  compileWasmOnce()
  optimiseLater()
  growSooner()
}

/**
 * The SQL parsers run for a second at most, too short for what optimised code takes to make: 1,414 statements through
 * sqlparser-rs take 0.18 s of processor time instead of 0.98, through libpg-query 0.06 instead of 0.22 (a new process
 * each, Node 20.20; 22 and 24 alike). And of their functions most are never called, so each is compiled when it is: 0.1 s
 * less at every start.
 */
function compileWasmOnce(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  setFlagsFromString('--wasm-lazy-compilation')
}

/**
 * The same for our own code: V8 makes optimised code of a function that ran through 132 KiB of bytecode. At six times
 * that, 1,000 files of the bench take 1.9 s of processor time instead of 2.8, 3,000 files 4.5 instead of 7.7, and a run
 * of ten seconds as long as before; never to optimise would cost such a run half as much again.
 */
function optimiseLater(): void {
  setFlagsFromString('--interrupt-budget=800000')
}

/**
 * What an analysis makes stays for its whole run. V8 begins with a small space for new values and copies what is in it
 * at each doubling; taking larger steps saves a twentieth of the time of 1,000 files of the bench.
 */
function growSooner(): void {
  setFlagsFromString('--semi-space-growth-factor=8')
}
