import type { OldDriver, Rows } from './driver.js'

type Postgres = (options: object) => {
  unsafe(text: string, values: unknown[]): Promise<Rows & { count: number; command: string }>
  end(): Promise<void>
}

export const postgres: OldDriver = ({ load, address }) => {
  const { user, ...where } = address
  const sql = load<Postgres>('postgres')({ ...where, username: user, max: 1, onnotice: () => {} })
  return {
    async run(text, values) {
      const rows = await sql.unsafe(
        text,
        values.map(value => (value === undefined ? null : value)),
      )
      return { rows: Array.from(rows), told: { rowCount: rows.count, command: rows.command } }
    },
    end: () => sql.end(),
  }
}
