import type { Access, AccessTable } from '../analyzers/model.js'
import type { Report } from './report.js'

type Value = string | number | boolean | null | undefined

/** Columns in their order: heading, and the value for one table of one access (none: an access without tables). */
const COLUMNS: [heading: string, value: (access: Access, table: AccessTable | undefined) => Value][] = [
  ['access', access => access.id],
  ['service', access => access.service],
  ['reached_by', access => access.reachedBy.join('; ')],
  ['file', access => access.file],
  ['line', access => access.line],
  ['column', access => access.column],
  ['end_line', access => access.endLine],
  ['table', (_, table) => table?.table],
  ['schema', (_, table) => table?.schema],
  ['table_id', (_, table) => table?.id],
  ['op', (_, table) => table?.op],
  ['owner', (_, table) => table?.owner],
  ['cross_service', (_, table) => table?.crossService],
  ['cross_service_join', access => access.crossServiceJoin],
  ['system', (_, table) => table && (table.system ?? false)],
  ['via', (_, table) => table?.via],
  ['migration', access => access.migration ?? false],
  ['transaction', access => access.transaction],
  ['datastore', access => access.datastore],
  ['driver', access => access.driver],
  ['kind', access => access.kind],
  ['confidence', access => access.confidence],
  ['sql_file', access => access.sqlFile],
  ['sql_line', access => access.sqlLine],
  ['sql', access => access.sql],
]

/** One row for each table and operation of each access, by RFC 4180; safe to open in a spreadsheet. */
export const report: Report = {
  render(map) {
    const rows = map.accesses.flatMap(access => {
      const tables = access.tables.length > 0 ? access.tables : [undefined]
      return tables.map(table => COLUMNS.map(([, value]) => cell(value(access, table))))
    })
    return [COLUMNS.map(([heading]) => heading), ...rows].map(row => `${row.join(',')}\r\n`).join('')
  },
}

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises ("CSV Injection").
 * NUL, which readers choke on, and lone surrogates, which UTF-8 can't hold, become U+FFFD.
 */
function cell(value: Value): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value)
  const text = value.replace(/[\0\p{Cs}]/gu, '\ufffd')
  const guarded = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
