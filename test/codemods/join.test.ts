import { describe, expect, it } from 'vitest'
import { joinRow, joinRows } from '../../codemods/runtime/join.js'

const patients = [
  { id: 'p1', mrn: 'M1' },
  { id: 'p2', mrn: 'M2' },
]
const fetch = async (keys: string[]) => patients.filter(({ id }) => keys.includes(id))
const join = { fetch, key: 'patient', foreignKey: 'id', columns: { mrn: 'mrn' } }
const orders = () => [
  { id: 1, patient: 'p2' },
  { id: 2, patient: 'none' },
  { id: 3, patient: null },
  { id: 4, patient: 'p2' },
]

describe('joinRows', () => {
  it('leaves out rows without a counterpart: inner', async () => {
    expect(await joinRows(Promise.resolve(orders()), { ...join, kind: 'inner' })).toEqual([
      { id: 1, patient: 'p2', mrn: 'M2' },
      { id: 4, patient: 'p2', mrn: 'M2' },
    ])
  })

  it('gives NULLs: left', async () => {
    expect(await joinRows(Promise.resolve(orders()), { ...join, kind: 'left' })).toEqual([
      { id: 1, patient: 'p2', mrn: 'M2' },
      { id: 2, patient: 'none', mrn: null },
      { id: 3, patient: null, mrn: null },
      { id: 4, patient: 'p2', mrn: 'M2' },
    ])
  })

  it('keeps the form of mysql2', async () => {
    const fields = [{ name: 'id' }]
    expect(
      await joinRows(Promise.resolve([orders(), fields] as const), { ...join, kind: 'inner', dropKey: true }),
    ).toEqual([
      [
        { id: 1, mrn: 'M2' },
        { id: 4, mrn: 'M2' },
      ],
      fields,
    ])
  })

  it('keeps the form of pg, with the count of what is left', async () => {
    const result = { rows: orders(), rowCount: 4, command: 'SELECT' }
    expect(await joinRows(Promise.resolve(result), { ...join, kind: 'inner' })).toMatchObject({
      rowCount: 2,
      command: 'SELECT',
    })
  })

  it('asks once, each key once, and not at all without keys', async () => {
    const asked: string[][] = []
    const counting = {
      ...join,
      kind: 'left' as const,
      fetch: async (keys: string[]) => {
        asked.push(keys)
        return fetch(keys)
      },
    }
    await joinRows(Promise.resolve(orders()), counting)
    await joinRows(Promise.resolve([{ id: 3, patient: null }]), counting)
    expect(asked).toEqual([['p2', 'none']])
  })

  it('tells numbers from their text as the database would not', async () => {
    const rows = [{ id: 1, patient: 7 }]
    const byNumber = { ...join, kind: 'inner' as const, fetch: async () => [{ id: '7', mrn: 'M7' }] }
    expect(await joinRows(Promise.resolve(rows), byNumber)).toEqual([{ id: 1, patient: 7, mrn: 'M7' }])
  })

  it.each([
    ['case', 'P2'],
    ['an accent', 'p\u00b2'],
    ['a trailing blank', 'p2 '],
  ])('does not guess where keys differ in %s only', async (_, patient) => {
    const rows = [{ id: 1, patient }]
    const loose = { ...join, kind: 'left' as const, fetch: async () => [{ id: 'p2', mrn: 'M2' }] }
    await expect(joinRows(Promise.resolve(rows), loose)).rejects.toThrow('differ in their spelling only')
  })
})

describe('joinRow', () => {
  const [first] = orders()
  const none = { ...join, fetch: async () => [] }

  it('joins the one row that is given', async () => {
    expect(await joinRow(Promise.resolve({ ...first }), { ...join, kind: 'inner' })).toEqual(
      (await joinRows(Promise.resolve([{ ...first }]), { ...join, kind: 'inner' }))[0],
    )
  })

  it('gives null for one that has no counterpart and needs one', async () => {
    expect(await joinRow(Promise.resolve({ ...first }), { ...none, kind: 'inner' })).toBeNull()
    expect(await joinRow(Promise.resolve({ ...first }), { ...none, kind: 'left' })).toMatchObject({
      id: first!.id,
    })
  })

  it.each([null, undefined])('asks for nothing where there is %s', async nothing => {
    const fetch = () => Promise.reject(new Error('asked'))
    expect(await joinRow(Promise.resolve(nothing), { ...join, kind: 'inner', fetch })).toBe(nothing)
  })
})
