import { having, list, nullable, text } from '../cache/shape.js'
import type { ProgressPoint } from './types.js'

export type GeneratedCounts = Pick<ProgressPoint, 'clients' | 'events'>

/** Of `seamripper.operations.json` what is counted; the codemods know the rest. */
interface Operation {
  owner: string
  event: string | null
  uses: { service: string; strategy: string }[]
}

/**
 * Counts what `rewrite` has generated.
 *
 * @param file text of `seamripper.operations.json`; null if there is none, undefined if it can't be known
 */
export function generatedCounts(file: string | null | undefined): GeneratedCounts {
  if (file === undefined) return { clients: null, events: null }
  if (file === null) return { clients: 0, events: 0 }
  const operations = parse(file)
  if (operations === null) return { clients: null, events: null }
  const called = operations.flatMap(({ owner, uses }) =>
    uses
      .filter(({ strategy }) => strategy !== 'event')
      .map(({ service }) => JSON.stringify([service, owner])),
  )
  const events = operations.filter(
    ({ event, uses }) => event !== null && uses.some(({ strategy }) => strategy === 'event'),
  )
  return { clients: new Set(called).size, events: events.length }
}

function parse(file: string): Operation[] | null {
  try {
    const { operations } = JSON.parse(file) as { operations: unknown }
    return isOperations(operations) ? operations : null
  } catch {
    return null
  }
}

const isOperations = list(
  having<Operation>({
    owner: text,
    event: nullable(text),
    uses: list(having<Operation['uses'][number]>({ service: text, strategy: text })),
  }),
)
