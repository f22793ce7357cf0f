/** Enumerations and domains of PostgreSQL: what their columns hold, and what pg makes of them. */

import { rmSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { baseType, userTypesIn } from '../../codemods/repository/user-types.js'
import { INSTALL_TIMEOUT, postgresDatabase } from '../support/databases.js'
import { platformFiles, writeFolder } from './platform.js'

const TYPES = `CREATE TYPE mood AS ENUM ('sad', 'happy');
create type "public"."Colour" as enum ('red');
CREATE DOMAIN money_amount AS numeric(10, 2) NOT NULL CHECK (VALUE >= 0);
CREATE DOMAIN app.price money_amount;
CREATE TYPE pair AS (a integer, b integer);
-- CREATE TYPE commented AS ENUM ('x');
`

describe('the catalogue', () => {
  const types = userTypesIn([TYPES, 'SELECT 1'])
  test.each([
    ['mood', 'text'],
    ['public.mood', 'text'],
    ['public."Colour"', 'text'],
    ['money_amount', 'numeric(10, 2)'],
    ['app.price', 'numeric(10, 2)'],
    ['pair', 'pair'],
    ['commented', 'commented'],
    ['mood[]', 'mood[]'],
    ['integer', 'integer'],
  ])('%s is %s', (type, base) => expect(baseType(type, types)).toBe(base))

  test('a name that means two things means nothing', () => {
    const both = userTypesIn(["CREATE TYPE a AS ENUM ('x')", 'CREATE DOMAIN a AS integer'])
    expect(baseType('a', both)).toBe('a')
  })

  test('a domain of itself', () => {
    expect(baseType('a', userTypesIn(['CREATE DOMAIN a AS a']))).toBe('a')
  })
})

it('are lifted, as text and as what they are made of', async () => {
  const files = platformFiles('postgresql')
  const root = writeFolder({
    ...files,
    'clinic/migrations/V2__moods.sql': `${TYPES}CREATE TABLE moods (id integer PRIMARY KEY, mood mood NOT NULL, cost money_amount, all_moods mood[]);\n`,
    'shop/src/calls.ts': `import { db } from './db'

export async function moods(mood: string) {
  const { rows } = await db.query('SELECT id, mood, cost FROM moods WHERE mood = $1', [mood])
  return rows
}

export async function lists(id: number) {
  const { rows } = await db.query('SELECT all_moods FROM moods WHERE id = $1', [id])
  return rows
}
`,
  })
  const { plan } = await rewrite({ root, inTransactions: false })
  rmSync(root, { recursive: true, force: true })
  expect(plan.accesses.map(({ strategy, reason }) => [strategy, reason])).toEqual([
    ['lift', 'all of its tables belong to clinic'],
    ['by hand', 'the type of its result column `all_moods` is not known'],
  ])
  expect(plan.operations[0]!.columns).toEqual([
    { name: 'id', type: { kind: 'integer' }, nullable: false },
    { name: 'mood', type: { kind: 'text' }, nullable: false },
    { name: 'cost', type: { kind: 'decimal', scale: 2 }, nullable: true },
  ])
  expect(plan.operations[0]!.parameters).toMatchObject([{ name: 'mood', type: { kind: 'text' } }])
})

describe('pg', () => {
  let client: pg.Client
  beforeAll(async () => {
    client = new pg.Client(await postgresDatabase())
    await client.connect()
    await client.query(`CREATE SCHEMA app; ${TYPES}`)
  }, INSTALL_TIMEOUT)
  afterAll(() => client.end())

  it('gives them so, and arrays of them as text', async () => {
    const sql = "SELECT 'happy'::mood AS mood, 1.5::money_amount AS cost, ARRAY['sad']::mood[] AS list"
    expect((await client.query(sql)).rows).toEqual([{ mood: 'happy', cost: '1.50', list: '{sad}' }])
    expect((await client.query("SELECT 1 AS one WHERE $1 = 'sad'::mood", ['sad'])).rowCount).toBe(1)
  })
})
