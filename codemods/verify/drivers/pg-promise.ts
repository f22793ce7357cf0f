import type { OldDriver, Rows } from './driver.js'

type PgPromise = (options: object) => (address: object) => {
  result(text: string, values: unknown[]): Promise<{ rows: Rows; rowCount: number; command: string }>
  $pool: { end(): Promise<void> }
}

export const pgPromise: OldDriver = ({ load, address }) => {
  const database = load<PgPromise>('pg-promise')({ noWarnings: true })({ ...address, max: 1 })
  return {
    async run(text, values) {
      const { rows, rowCount, command } = await database.result(text, values)
      return { rows, told: { rowCount, command } }
    },
    end: () => database.$pool.end(),
  }
}
