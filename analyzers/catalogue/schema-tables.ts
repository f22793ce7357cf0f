import type { CatalogueTable } from './types.js'

/** Tables of one database by schema and name: the exact name first, else the only one that differs in case. */
export class SchemaTables {
  private readonly exact = new Map<string, CatalogueTable>()
  /** Without case, in the order of creation. */
  private readonly folded = new Map<string, CatalogueTable[]>()

  find(schema: string | null, name: string): CatalogueTable | null {
    const key = keyOf(schema, name)
    const found = this.exact.get(key)
    if (found) return found
    const close = this.folded.get(key.toLowerCase())
    return close?.length === 1 ? close[0]! : null
  }

  /** Takes the place of a table of exactly this name. */
  add(table: CatalogueTable): void {
    const key = keyOf(table.schema, table.name)
    const before = this.exact.get(key)
    if (before) this.remove(before)
    this.exact.set(key, table)
    const close = this.folded.get(key.toLowerCase())
    if (close) close.push(table)
    else this.folded.set(key.toLowerCase(), [table])
  }

  remove(table: CatalogueTable): void {
    const key = keyOf(table.schema, table.name)
    this.exact.delete(key)
    const close = this.folded.get(key.toLowerCase())?.filter(other => other !== table) ?? []
    this.folded.set(key.toLowerCase(), close)
  }

  all(): CatalogueTable[] {
    return [...this.exact.values()]
  }
}

function keyOf(schema: string | null, name: string): string {
  return `${schema ?? ''}\0${name}`
}
