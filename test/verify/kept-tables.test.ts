import { expect, test } from 'vitest'
import type { Table } from '../../analyzers/model.js'
import type { Session } from '../../codemods/verify/databases.js'
import { KeptTables } from '../../codemods/verify/kept-tables.js'

const table = (name: string, type = 'int'): Table => ({
  id: `platform/${name}`,
  datastore: 'platform',
  schema: null,
  name,
  kind: 'table',
  owner: null,
  ownerConfidence: 'open',
  evidence: [],
  columns: [{ name: 'id', type, nullable: false }],
  primaryKey: ['id'],
  definedAt: null,
})

test('tables stay as long as they are the same and of the same service', async () => {
  const ran: string[] = []
  const session = {
    run: async (text: string) => {
      if (text.includes('`refused`')) throw new Error('no such type')
      ran.push(text)
    },
  } as unknown as Session
  const kept = new KeptTables()
  const have = async (tables: Table[], holder: string): Promise<string[]> => {
    ran.length = 0
    await kept.have(tables, holder, 'mysql', null, session)
    return [...ran]
  }
  const wards = 'CREATE TABLE `wards` (`id` int NOT NULL, PRIMARY KEY (`id`))'
  const beds = 'CREATE TABLE `beds` (`id` int NOT NULL, PRIMARY KEY (`id`))'

  expect(await have([table('wards')], 'clinic')).toEqual([wards])
  expect(await have([table('wards'), table('beds')], 'clinic')).toEqual([beds])
  expect(await have([table('beds')], 'clinic')).toEqual([])
  expect(await have([table('beds', 'bigint')], 'clinic')).toEqual([
    'DROP TABLE `beds`',
    'CREATE TABLE `beds` (`id` bigint NOT NULL, PRIMARY KEY (`id`))',
  ])
  // What another service has is not there for this one.
  expect(await have([table('wards')], 'shop')).toEqual(['DROP TABLE `wards`', 'DROP TABLE `beds`', wards])

  await expect(have([table('refused')], 'shop')).rejects.toThrow(
    'the database refused `refused` as the catalogue has it: no such type',
  )
  expect(await have([table('wards')], 'shop')).toEqual([])
})
