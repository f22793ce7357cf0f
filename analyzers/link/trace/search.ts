/** Runs the tracing over the calls of the repository, as more files turn out to matter. */
import { createBreath } from '../../breath.js'
import type { Driver } from '../../drivers/driver.js'
import type { CallIndex, FileCalls } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import { onlyTextTells } from '../sinks/index.js'
import type { FileUnits } from '../units/file-units.js'
import type { Execution, Trace, WrapperKind } from './executions.js'
import { emptyTrace, merge, siteKey } from './executions.js'
import { dropFragments } from './fragments.js'
import { dropBatches, settlePrepared } from './prepared.js'
import type { Followed, SinkAt } from './tracer.js'

interface Search {
  /** Traces the sinks among the calls of more files, and again those whose callers may be among them. */
  add(files: FileCalls[]): Promise<void>
  /** Functions that hand a parameter on to a driver, as far as seen. */
  wrapperNames(): Map<string, WrapperKind>
  /** Methods that run statements kept by name, see `Trace`. */
  runningKept(): string[]
  /** All that was found so far. */
  result(): Promise<Trace>
}

/**
 * @param hasUnknownTable whether a text leaves a table's name open
 * @param onExecution called with each that is found, and with whether it stays as it is when more files are added
 */
export function createSearch(
  index: CallIndex,
  units: FileUnits,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
  onExecution: (execution: Execution, isSettled: boolean) => void,
): Search {
  const settled = emptyTrace()
  let open: SinkAt[] = []
  let latest = emptyTrace()
  const ownCalls: SinkAt[] = []
  const breath = createBreath()
  return {
    async add(files) {
      const again = open
      open = []
      latest = emptyTrace()
      const added: SinkAt[] = []
      for (const { file, sinks, ownSinks } of files) {
        for (const { at, sink } of sinks) added.push({ sink, site: index.site(file, at)! })
        for (const { at, sink } of ownSinks) ownCalls.push({ sink, site: index.site(file, at)! })
      }
      await followAll([...added, ...again], new Set(), (found, from) => {
        // What is handed over is so again when the wrapper is followed again.
        if (found.asked && !from.sink.isHandedOn) open.push(from)
        merge(found.asked ? latest : settled, found.trace)
        if (found.asked) return
        for (const [key, execution] of found.trace.executions)
          if (settled.executions.get(key) === execution) onExecution(execution, true)
      })
      for (const execution of latest.executions.values()) onExecution(execution, false)
    },
    wrapperNames: () => new Map([...settled.wrapperNames, ...latest.wrapperNames]),
    runningKept: () => [...new Set([...settled.runningKept, ...latest.runningKept])].sort(),
    async result() {
      const all = emptyTrace()
      merge(all, settled)
      merge(all, latest)
      const seen = new Set<string>()
      // Calls of the project's own functions are looked at last; of one that is known to run a statement nothing else is asked.
      for (const own of ownCalls) {
        const isTold = (): boolean => all.executions.has(siteKey(own.site)) || units.givesText(own.site)
        if (onlyTextTells(own.sink) && isTold()) continue
        await followAll([own], seen, ({ trace }) => merge(all, trace))
      }
      dropBatches(all)
      dropFragments(all)
      settlePrepared(all)
      return all
    },
  }

  /**
   * Follows sinks, then what they hand over, and so on. Those of no known driver come behind the others: where one that
   * is known has the statement, they would find the same once more.
   */
  async function followAll(
    sinks: SinkAt[],
    seen: Set<string>,
    onFound: (found: Followed, from: SinkAt) => void,
  ): Promise<void> {
    const told = new Set<string>()
    let later = sinks.filter(isOfUnknownDriver)
    for (let next = sinks.filter(each => !isOfUnknownDriver(each)); next.length + later.length > 0; ) {
      if (next.length === 0) {
        next = later.filter(each => !told.has(textOf(each)))
        later = []
      }
      const handedOver: SinkAt[] = []
      for (const inOne of byFile(next)) {
        await breath()
        units.follow(inOne, hasUnknownTable).forEach((found, at) => {
          onFound(found, inOne[at])
          if (found.trace.executions.size > 0) told.add(textOf(inOne[at]))
          for (const each of found.handedOver) handedOver.push(each)
        })
      }
      const added = onlyNew(handedOver, seen)
      next = added.filter(each => !isOfUnknownDriver(each))
      later.push(...added.filter(isOfUnknownDriver))
    }
  }
}

function isOfUnknownDriver({ sink }: SinkAt): boolean {
  return sink.driver.name === 'unknown'
}

/** The text that a sink gets, where it stands. */
function textOf({ sink: { sql, values, argument }, site }: SinkAt): string {
  return `${siteKey(site)}#${sql} ${values} ${argument?.index}`
}

/** What two implementations of one interface do with a statement is the same, and need not be found out twice. */
function onlyNew(sinks: SinkAt[], seen: Set<string>): SinkAt[] {
  return sinks.filter(({ sink, site }) => {
    const key = `${siteKey(site)}#${sink.sql}.${sink.keys.join('.')}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** The sinks of each file, in the order of the first of each. */
function byFile(sinks: SinkAt[]): SinkAt[][] {
  const groups = new Map<string, SinkAt[]>()
  for (const each of sinks) {
    const { file } = each.site
    const group = groups.get(file)
    if (group) group.push(each)
    else groups.set(file, [each])
  }
  return [...groups.values()]
}
