/** What migration scripts do to the tables of other services. */
import type { CatalogueTable, SchemaSet } from '../../catalogue/types.js'
import type { AccessTable, SchemaStatement } from '../../model.js'
import { compare } from '../../order.js'
import { setOwner } from './crossings.js'
import type { AssemblyInput } from './index.js'

/** Statements of migration scripts that touch a table of another service than the script's. */
export function schemaStatements(
  input: AssemblyInput,
  owners: Map<string, string | null>,
): SchemaStatement[] {
  const { catalogue, workspace, datastores } = input
  const libraries = new Set(workspace.services.filter(each => each.kind === 'library').map(each => each.name))
  const found: SchemaStatement[] = []
  for (const set of input.sets) {
    const { service } = set
    if (service === null || libraries.has(service)) continue
    const home =
      catalogue.tables.find(table => isFirst(table, set.tables[0]))?.datastore ??
      datastores.byService[service]?.[0]?.datastore
    if (!home) continue
    for (const statement of [...set.statements.filter(({ verb }) => verb !== TRIGGER), ...triggersOf(set)]) {
      if (!/\.(?:sql|pgsql|ddl)$/.test(statement.file)) continue
      const tables = statement.tables.map(({ op, ...written }): AccessTable => {
        const { id } = catalogue.resolve(home, written, set.dialect)
        const { schema, name } = written
        const table: AccessTable = { table: name, schema, id, op, owner: null, crossService: false }
        setOwner(table, [service], owners)
        return table
      })
      if (tables.some(table => table.crossService)) {
        found.push({ service, file: statement.file, line: statement.line, verb: statement.verb, tables })
      }
    }
  }
  return found.sort((a, b) => compare(a.file, b.file) || a.line - b.line)
}

const TRIGGER = 'CREATE TRIGGER'

/** Triggers with what they touch themselves or by their routine: no statement of the code tells of that. */
function triggersOf({ triggers, routines }: SchemaSet): SchemaSet['statements'] {
  return triggers.map(({ name: _, schema, table, routine, tables, file, line }) => {
    const run = routines.find(each => each.name.toLowerCase() === routine?.toLowerCase())
    const touched = [...tables, ...(run?.tables ?? [])]
    return { file, line, verb: TRIGGER, tables: [{ schema, name: table, op: 'ddl' }, ...touched] }
  })
}

/** A script may make tables of several databases: its line tells them apart. */
function isFirst(table: CatalogueTable, first: CatalogueTable | undefined): boolean {
  return table.file === first?.file && table.line === first.line && table.name === first.name
}
