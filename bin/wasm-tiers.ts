import { setFlagsFromString } from 'node:v8'

/**
 * Tells V8 to leave WASM at its first compilation. The SQL parsers run for a second at most, too short for what
 * optimised code takes to make: 1,414 statements through sqlparser-rs take 0.18 s of processor time instead of 0.98,
 * through libpg-query 0.06 instead of 0.22 (a new process each, Node 20.20; 22 and 24 alike).
 *
 * For the command line only: it is a setting of the whole process, which `analyze` in another program leaves alone.
 */
export function skipWasmOptimisation(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
