/** In which order sinks are followed, and which of them are not. */
import { describe, expect, test } from 'vitest'
import type { CallIndex, CallSite, FileCalls } from '../../analyzers/link/calls.js'
import type { Sink } from '../../analyzers/link/sinks/index.js'
import { emptyTrace, siteKey } from '../../analyzers/link/trace/executions.js'
import { createSearch } from '../../analyzers/link/trace/search.js'
import type { SinkAt } from '../../analyzers/link/trace/tracer.js'
import type { FileUnits } from '../../analyzers/link/units/file-units.js'

const KNOWN = { driver: 'pg', sql: 1, values: 2, certainty: 'known' }
const NAMED = { driver: 'unknown', sql: 1, values: 2, certainty: 'named' }

describe('sinks of one call', () => {
  const cases = [
    {
      of: 'one of a driver that is known has the statement: one that its name alone tells is not followed',
      sinks: [NAMED, KNOWN],
      without: [],
      followed: ['pg 1'],
    },
    {
      of: 'the one that is known finds nothing',
      sinks: [NAMED, KNOWN],
      without: ['pg'],
      followed: ['pg 1', 'unknown 1'],
    },
    {
      of: 'another argument',
      sinks: [{ ...NAMED, sql: 2 }, KNOWN],
      without: [],
      followed: ['pg 1', 'unknown 2'],
    },
  ]
  test.each(cases)('$of', async ({ sinks, without, followed }) => {
    const seen: string[] = []
    const search = createSearch(
      index,
      unitsThat(seen, without),
      () => false,
      () => undefined,
    )
    await search.add([callsWith(sinks)])
    expect(seen).toEqual(followed)
  })
})

const index = {
  site: (file: string, at: number) => ({ file, at, start: at }) as CallSite,
} as unknown as CallIndex

function callsWith(sinks: object[]): FileCalls {
  const all = sinks.map(({ driver, ...sink }: { driver?: string }) => ({
    at: 0,
    sink: { ...sink, driver: { name: driver } } as unknown as Sink,
  }))
  return { file: 'a.ts', sinks: all, ownSinks: [] } as unknown as FileCalls
}

/** Notes what is followed; a statement is found by each but those of the drivers that are said to find none. */
function unitsThat(seen: string[], without: string[]): FileUnits {
  return {
    follow: (sinks: SinkAt[]) =>
      sinks.map(({ sink, site }) => {
        seen.push(`${sink.driver.name} ${sink.sql}`)
        const trace = emptyTrace()
        if (!without.includes(sink.driver.name))
          trace.executions.set(siteKey(site), { site, driver: sink.driver, origin: null, texts: [] })
        return { trace, asked: false, handedOver: [] }
      }),
  } as unknown as FileUnits
}
