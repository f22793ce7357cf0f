/** What the owner's server tells of an error of its database, by which the caller's code goes on as with its own driver. */
import { describe, expect, it } from 'vitest'
import { mysqlDatabase } from '../../../codemods/runtime/server/database-mysql2.js'
import { pgDatabase } from '../../../codemods/runtime/server/database-pg.js'

const mysql = mysqlDatabase({ query: async () => [], execute: async () => [] })
const postgres = pgDatabase({ query: async () => ({ rows: [], rowCount: 0, command: '' }) })

describe('what a database refused', () => {
  it.each([
    [{ code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000', sqlMessage: "Duplicate entry 'a@b'" }, true],
    [{ code: 'ER_BAD_FIELD_ERROR', errno: 1054, sqlState: '42S22' }, true],
    [{ code: 'ER_LOCK_DEADLOCK', errno: 1213, sqlState: '40001' }, true],
    [{ code: 'ER_CHECK_CONSTRAINT_VIOLATED', errno: 3819, sqlState: 'HY000' }, true],
    [{ code: 'ER_CON_COUNT_ERROR', errno: 1040, sqlState: '08004' }, false],
    [{ code: 'ECONNREFUSED' }, false],
    [new TypeError('no'), false],
    [null, false],
  ])('MySQL: %j', (error, isTold) => {
    const { sqlMessage: _, ...told } = { sqlMessage: '', ...error }
    expect(mysql.refusal(error)).toEqual(isTold ? told : null)
  })

  it.each([
    [{ code: '23505', constraint: 'users_email_key' }, { detail: 'Key (email)=(a@b) already exists.' }, true],
    [{ code: '42P01' }, {}, true],
    [{ code: '40P01' }, {}, true],
    [{ code: 'P0001' }, {}, true],
    [{ code: '08006' }, {}, false],
    [{ code: '57P01' }, {}, false],
    [{ code: 'ECONNRESET' }, {}, false],
  ])('PostgreSQL: %j', (told, more, isTold) => {
    expect(postgres.refusal({ ...told, ...more })).toEqual(isTold ? told : null)
  })
})
