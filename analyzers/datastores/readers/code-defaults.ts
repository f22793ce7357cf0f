import { isDatabaseName, readVariableName } from '../names.js'
import type { Setting } from '../types.js'
import { parseDatabaseUrl } from '../url.js'
import { lineCounter } from './lines.js'

/**
 * Defaults that code gives to variables about databases: `process.env.DB_NAME || 'nilecare'`,
 * `process.env['DB_NAME'] ?? 'x'`, `env('DB_NAME', 'x')`, `config.get<string>('DB_NAME', 'x')`,
 * `DB_NAME: z.string().default('x')`, `DB_NAME: str({ default: 'x' })` of envalid. They speak for services whose connection takes its name from a
 * configuration module that could not be followed.
 */
export function readCodeDefaults(file: string, text: string): Setting[] {
  if (!HINT.test(text)) return []
  const settings: Setting[] = []
  const lineOf = lineCounter(text)
  for (const match of text.matchAll(DEFAULT)) {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5]
    const value = match[6]
    if (name === undefined || value === undefined) continue
    const meaning = readVariableName(name)
    const useful =
      parseDatabaseUrl(value) !== null ||
      (meaning !== null && (meaning.role !== 'database' || isDatabaseName(value)))
    if (useful) settings.push({ name, value, file, line: lineOf(match.index), source: 'code', targets: [] })
  }
  return settings
}

/** Plain words, no repetition: this is asked of every source file. */
const HINT = /DB|DATABASE|PG|SQL|POSTGRES|MARIA/

const DEFAULT =
  /(?:\benv\.([A-Z]\w{1,60})!?\s*(?:\|\||\?\?)|\benv\[\s*['"]([A-Z]\w{1,60})['"]\s*\]!?\s*(?:\|\||\?\?)|\b(?:env|get|getOrThrow|getEnv|str)(?:<string>)?\(\s*['"]([A-Z]\w{1,60})['"]\s*,|\b([A-Z]\w{1,60})['"]?\s*:\s*(?:\w+\.)?\w+\([^()\n]{0,60}\)(?:\.\w+\([^()\n]{0,60}\)){0,4}\.default\(|\b([A-Z]\w{1,60})['"]?\s*:\s*\w+\(\{[^{}]{0,200}?\bdefault\s*:)\s*['"`]([^'"`\n]{1,200})['"`]/g
