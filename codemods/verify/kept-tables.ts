/** The tables of a database that one statement after the other runs on: what the next one needs as well stays. */
import type { Table } from '../../analyzers/model.js'
import type { RewriteDialect } from '../wire.js'
import type { Session } from './databases.js'
import { NotVerified } from './not-verified.js'
import { createTable, type Inserted, tableName } from './schema.js'

export class KeptTables {
  private readonly made = new Map<string, { text: string; holder: string }>()

  /**
   * Has these tables in the database, and of others none but the holder's: making and dropping takes a server longer than
   * all else. Whose rows they are is for who fills them.
   *
   * @param holder whose database it is for now
   * @throws NotVerified where the database refuses one
   */
  async have(
    tables: Table[],
    holder: string,
    dialect: RewriteDialect,
    inserted: Inserted | null,
    session: Session,
  ): Promise<void> {
    const texts = new Map(
      tables.map(table => [tableName(table, dialect), createTable(table, dialect, inserted)]),
    )
    for (const [name, kept] of this.made) {
      const text = texts.get(name)?.join()
      if (kept.holder === holder && (text === undefined || text === kept.text)) continue
      this.made.delete(name)
      await session.run(`DROP TABLE ${name}`, [])
    }
    for (const [name, statements] of texts) {
      if (this.made.has(name)) continue
      try {
        for (const text of statements) await session.run(text, [])
      } catch (error) {
        throw new NotVerified(
          `the database refused ${name} as the catalogue has it: ${(error as Error).message}`,
        )
      }
      this.made.set(name, { text: statements.join(), holder })
    }
  }
}
