import { NotVerified } from '../not-verified.js'
import type { OldDriver, Rows } from './driver.js'

type Knex = (options: object) => {
  raw(text: string, values: unknown[]): Promise<unknown>
  destroy(): Promise<void>
}

export const knex: OldDriver = ({ load, address, options, dialect }) => {
  const isMysql = dialect === 'mysql'
  const connection = load<Knex>('knex')({
    client: isMysql ? 'mysql2' : 'pg',
    connection: { ...address, ...options },
    pool: { min: 1, max: 1 },
  })
  return {
    async run(text, values) {
      const answer = await connection.raw(...withQuestionMarks(text, values))
      if (!isMysql) {
        const { rows, rowCount, command } = answer as { rows: Rows; rowCount: number; command: string }
        return { rows, told: { rowCount, command } }
      }
      const [result] = answer as [Rows | Record<string, unknown>]
      return Array.isArray(result) ? { rows: result, told: {} } : { rows: [], told: { ...result } }
    },
    end: () => connection.destroy(),
  }
}

/** knex has no `$1`. */
function withQuestionMarks(text: string, values: unknown[]): [string, unknown[]] {
  const numbers = [...text.matchAll(/\$(\d+)/g)]
  if (numbers.length === 0) return [text, values]
  if (text.includes('?')) throw new NotVerified('its text has question marks that are no placeholders')
  return [text.replace(/\$\d+/g, '?'), numbers.map(([, number]) => values[Number(number) - 1])]
}
