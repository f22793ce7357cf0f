import type { OldDriver, Rows } from './driver.js'

interface Typeorm {
  DataSource: new (
    options: object,
  ) => {
    initialize(): Promise<unknown>
    query(text: string, values: unknown[]): Promise<unknown>
    destroy(): Promise<void>
  }
}

export const typeorm: OldDriver = async ({ load, address, options, dialect }) => {
  const { user, ...where } = address
  const isMysql = dialect === 'mysql'
  const { DataSource } = load<Typeorm>('typeorm')
  const connection = new DataSource({
    ...options,
    ...where,
    username: user,
    type: isMysql ? 'mysql' : 'postgres',
    extra: isMysql ? { connectionLimit: 1 } : { max: 1 },
  })
  await connection.initialize()
  return {
    async run(text, values) {
      const answer = await connection.query(text, values)
      if (!isMysql) return { rows: isRows(answer) ? answer : [], told: {} }
      return Array.isArray(answer)
        ? { rows: answer as Rows, told: {} }
        : { rows: [], told: { ...(answer as object) } }
    },
    end: () => connection.destroy(),
  }
}

/** Of an UPDATE or DELETE it is a pair of rows and their number. */
function isRows(answer: unknown): answer is Rows {
  return Array.isArray(answer) && !Array.isArray(answer[0])
}
