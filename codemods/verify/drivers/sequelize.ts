import { isRead, type OldDriver, type Rows } from './driver.js'

interface Sequelize {
  Sequelize: new (
    database: string,
    user: string,
    password: string,
    options: object,
  ) => {
    query(text: string, options: object): Promise<unknown>
    close(): Promise<void>
  }
}

export const sequelize: OldDriver = ({ load, address, options, dialect }) => {
  const { host, port, user, password, database } = address
  const { Sequelize } = load<Sequelize>('sequelize')
  const connection = new Sequelize(database, user, password, {
    ...options,
    host,
    port,
    dialect: dialect === 'mysql' ? 'mysql' : 'postgres',
    logging: false,
    pool: { min: 1, max: 1 },
  })
  return {
    async run(text, values) {
      const given = /\$\d/.test(text) ? { bind: values } : { replacements: values }
      // Code that takes the rows of a RETURNING has it run as a SELECT, too.
      if (isRead(text) || (dialect === 'postgresql' && /\bRETURNING\b/i.test(text))) {
        return { rows: (await connection.query(text, { ...given, type: 'SELECT' })) as Rows, told: {} }
      }
      // What it tells of a write is not rewritten.
      await connection.query(text, given)
      return { rows: [], told: {} }
    },
    end: () => connection.close(),
  }
}
