import type { Dialect } from '../model.js'

/** What is written in one database only, with the dialect that it tells. The first that is found decides. */
const SIGNS: [RegExp, Dialect][] = [
  [/\bON\s+DUPLICATE\s+KEY\b/i, 'mysql'],
  [/\b(?:FROM|JOIN|INTO|UPDATE)\s+`/i, 'mysql'],
  [/\bON\s+CONFLICT\b.{0,200}\bDO\s+(?:UPDATE|NOTHING)\b.{0,400}\$\d/is, 'postgresql'],
  [/(?<![\w$])\$\d{1,3}\b/, 'postgresql'],
  [/[\w)"'\]]::\s*["a-z_]/i, 'postgresql'],
  [/\b(?:ILIKE|JSONB|LATERAL|DISTINCT\s+ON)\b/i, 'postgresql'],
  [/\$\$/, 'postgresql'],
  [/\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\[\w+\]\s*\.\s*)?\[\w+\]/i, 'mssql'],
  [/\bSELECT\s+(?:DISTINCT\s+)?TOP\s*[(\d]|\bWITH\s*\(\s*NOLOCK\s*\)|\bSCOPE_IDENTITY\s*\(/i, 'mssql'],
  // Outside of routines no other database has conditions.
  [/^\s*IF\s+(?:NOT\s+)?EXISTS\s*\(|\b(?:OBJECT_ID|COL_LENGTH)\s*\(\s*N?'/i, 'mssql'],
  [/`/, 'mysql'],
  [/\bsqlite_master\b|\bPRAGMA\s+\w/i, 'sqlite'],
]

/** Only the begin of a long text is searched: signs come early, and the search stays cheap. */
const SEARCHED = 20_000

/** The dialect that the text's own marks tell, or `unknown`. */
export function dialectBySigns(text: string): Dialect {
  const searched = text.length > SEARCHED ? text.slice(0, SEARCHED) : text
  for (const [sign, dialect] of SIGNS) if (sign.test(searched)) return dialect
  return 'unknown'
}
