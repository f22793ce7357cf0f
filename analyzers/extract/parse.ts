/** Source text in, syntax tree out: oxc-parser behind a guard. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Program } from '@oxc-project/types'
import { parseSync } from 'oxc-parser'
import type { Diagnostic } from '../model.js'
import { lineAt, lineStartsOf } from './positions.js'

/*
 * oxc-parser was chosen by measurement, crowd.dev, 1,790 files, 165,000 lines, Node 20, 2 cores (parse and read
 * the tree of every file): oxc-parser 0.51 s after 10 ms of loading, `ts.createSourceFile` 0.58 s after 390 ms of
 * loading, which a cold process pays on each run.
 *
 * Its recursive descent ends the process on code nested some thousand levels deep (seen: 10,000 parentheses),
 * which no `try` can catch. So text that could be nested that deep is first parsed in a process of its own.
 */
const SUSPICIOUS_DEPTH = 500
const SUSPICIOUS_CHAIN = 2_000
const PROBE_TIMEOUT_MS = 20_000

export type ParseResult = { program: Program; errors: Diagnostic[] } | { program: null; errors: Diagnostic[] }

/** Parses one file. Syntax errors are diagnostics; the tree is null when nothing could be made of the text. */
export function parseSource(file: string, text: string): ParseResult {
  const deep = nestingLooksDeep(text)
  if (deep !== null && !survivesParsing(file, text)) {
    return {
      program: null,
      errors: [
        {
          severity: 'error',
          code: 'nested-too-deep',
          message: 'not analysed: the code is nested too deep for the parser',
          file,
          line: lineAt(lineStartsOf(text), deep),
        },
      ],
    }
  }
  const result = parseSync(file, text, { lang: languageOf(file), preserveParens: false })
  const program = result.program
  const errors: Diagnostic[] = []
  const first = result.errors[0]
  if (first) {
    const at = first.labels[0]?.start ?? 0
    errors.push({
      severity: 'warning',
      code: 'syntax-error',
      message: `${program.body.length === 0 ? 'not analysed' : 'only partly analysed'}: ${first.message}`,
      file,
      line: lineAt(lineStartsOf(text), at),
    })
  }
  return program.body.length === 0 && first ? { program: null, errors } : { program, errors }
}

/** JSX in `.js` is usual; in `.ts` angle brackets are casts. */
function languageOf(file: string): 'ts' | 'tsx' | 'jsx' {
  if (/\.(ts|mts|cts)$/.test(file)) return 'ts'
  return file.endsWith('.tsx') ? 'tsx' : 'jsx'
}

/**
 * Offset at which brackets reach a depth, or operators a count, that the native parser may not survive; else null.
 * Counts brackets in strings and comments too: a false alarm costs one more process, a miss costs the run.
 */
export function nestingLooksDeep(text: string): number | null {
  let depth = 0
  let chain = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > SUSPICIOUS_DEPTH) return i
        break
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (depth > 0) depth--
        break
      case 0x3b: // ; ends every chain of operators
        chain = 0
        break
      case 0x2b: // +
      case 0x2d: // -
      case 0x21: // !
      case 0x7e: // ~
      case 0x3f: // ?
      case 0x3e: // > of arrows
      case 0x3c:
      case 0x26: // &
      case 0x7c: // |
      case 0x2a:
      case 0x2e: // . of member chains
      case 0x3d:
        if (++chain > SUSPICIOUS_CHAIN * 4) return i
        break
      case 0x65: // e of else
        if (text.startsWith('else if', i) && ++chain > SUSPICIOUS_CHAIN) return i
        break
    }
  }
  return null
}

/** True when a separate process parses the text and lives. */
function survivesParsing(file: string, text: string): boolean {
  const oxc = createRequire(import.meta.url).resolve('oxc-parser')
  const script = `
    const { parseSync } = await import(${JSON.stringify(`file://${oxc}`)});
    let text = ''; process.stdin.setEncoding('utf8'); for await (const chunk of process.stdin) text += chunk;
    parseSync('probe', text, { lang: ${JSON.stringify(languageOf(file))}, preserveParens: false }).program;`
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: text,
    timeout: PROBE_TIMEOUT_MS,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  return child.status === 0
}
