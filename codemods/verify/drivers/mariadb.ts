import type { OldDriver, Rows } from './driver.js'

interface Mariadb {
  createConnection(options: object): Promise<{
    query(text: string, values: unknown[]): Promise<unknown>
    execute(text: string, values: unknown[]): Promise<unknown>
    end(): Promise<void>
  }>
}

export const mariadb: OldDriver = async ({ load, address, options }) => {
  const connection = await load<Mariadb>('mariadb').createConnection({ ...address, ...options })
  return {
    async run(text, values, method = 'query') {
      const answer = await connection[method](text, values)
      if (Array.isArray(answer)) return { rows: Array.from(answer as Rows), told: {} }
      const { affectedRows, insertId } = answer as { affectedRows: number; insertId: number | bigint }
      // The call site makes a BigInt of it, where the driver did.
      return { rows: [], told: { affectedRows, insertId: Number(insertId) } }
    },
    end: () => connection.end(),
  }
}
