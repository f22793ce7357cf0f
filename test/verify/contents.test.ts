/** What tables hold is read alike by every connection, whatever its options are. */
import { expect, it } from 'vitest'
import { mysqlScratch } from '../../codemods/verify/databases.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

it(
  'is the same with options that make other values of columns',
  async () => {
    const { host, port, user } = await mariadbDatabase()
    const scratch = await mysqlScratch(`mysql://${user}@${host}:${port}`, [process.cwd()])
    try {
      const options = [{}, { dateStrings: true, supportBigNumbers: true }, { decimalNumbers: true }]
      const sessions = await Promise.all(options.map(each => scratch.connect([process.cwd()], each)))
      await sessions[0]!.run('CREATE TABLE t (price decimal(9, 3), at datetime, big bigint)', [])
      await sessions[0]!.run("INSERT INTO t VALUES (17, '2024-02-29 12:00:00', 9007199254740995)", [])
      const held = { price: '17.000', at: '2024-02-29 12:00:00', big: '9007199254740995' }
      // The one with the option first: mysql2 keeps what it made to read such columns, whoever asks next.
      for (const session of sessions.toReversed())
        expect(await session.contents('SELECT * FROM t')).toEqual([held])
    } finally {
      await scratch.disconnect()
      await scratch.drop()
    }
  },
  INSTALL_TIMEOUT,
)
