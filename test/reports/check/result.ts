/** Results of checks that the tests of their formats share. */

import { checkMap } from '../../../analyzers/gate/check-map.js'
import { defaultSettings, type GateResult, type Violation } from '../../../analyzers/gate/index.js'
import type { DependencyMap } from '../../../analyzers/model.js'
import type { CheckContext } from '../../../reports/check/report.js'
import { layOut } from '../../../reports/explain/sql.js'
import { HOSTILE, hostileMap, sampleMap } from '../sample-map.js'

/** What reports of `check` get where a test does not care. */
export const context = (more: Partial<CheckContext> = {}): CheckContext => ({
  program: 'seamripper',
  root: '.',
  width: 100,
  colour: false,
  top: 10,
  prefix: '',
  link: null,
  version: '1.2.3',
  lines: () => null,
  layOut,
  ...more,
})

/** The result of a check of this map, all of it new. */
export const result = (map: DependencyMap | null, more: Partial<GateResult> = {}): GateResult => ({
  schemaVersion: 1,
  passed: false,
  since: null,
  change: null,
  violations: map === null ? [] : checkMap(map, defaultSettings()),
  stale: [],
  unusedAllows: [],
  problems: [],
  hints: [],
  ...more,
})

/** Two errors (of one statement), a warning, one of each other state, and something to tidy of each kind. */
export function mixedResult(): GateResult {
  const of = (file: string) =>
    checkMap(sampleMap(), defaultSettings()).filter(each => each.file.includes(file))
  const users = of('users.ts')
  const [payment] = of('payments.ts')
  const as = (state: Violation['state'], more: Partial<Violation> = {}): Violation => ({
    ...payment!,
    state,
    fingerprint: `${state}-0000`,
    ...more,
  })
  const allowedBy = {
    file: 'packages/queries/src/users.ts',
    line: 7,
    reason: 'until it has an API',
    until: '2027-01-31',
  }
  return result(null, {
    violations: [
      ...users,
      as('new', { severity: 'warning', fingerprint: 'warning-0000' }),
      as('baseline'),
      as('allowed', { allowedBy }),
      as('allowed', { allowedBy: { ...allowedBy, file: 'seamripper.yml' }, fingerprint: 'allowed-0001' }),
      as('earlier'),
    ],
    stale: [
      {
        file: 'services/a/seam-todo.yml',
        line: 7,
        service: 'a',
        source: 'services/a/x.ts',
        table: 'db/t',
        op: 'read',
        listed: 3,
        found: 1,
        reasons: [{ reason: 'mended', count: 2 }],
      },
    ],
    unusedAllows: [
      {
        file: 'a.ts',
        line: 3,
        text: 'seamripper-allow read t -- why',
        message: 'there is nothing that it allows. Remove it.',
      },
    ],
    problems: [
      {
        file: 'b.ts',
        line: 4,
        message:
          'The comment gives no reason. Write it as "seamripper-allow read patients -- why, until 2027-01-31".',
      },
    ],
  })
}

/** Every name in it means something somewhere: to a terminal, in XML, in Markdown, to a CI system. */
export function hostileResult(): GateResult {
  const uses = HOSTILE.map(name => ({
    service: name,
    owner: name,
    table: name,
    op: 'read' as const,
    file: name,
    count: 2,
  }))
  return result(hostileMap(), {
    since: { ref: HOSTILE[0]!, commit: 'a'.repeat(40) },
    change: { mended: uses, accepted: uses },
    unusedAllows: HOSTILE.map(name => ({ file: name, line: 1, text: name, message: name })),
    problems: HOSTILE.map(name => ({ file: name, line: 1, message: name })),
    stale: HOSTILE.map(name => ({
      service: name,
      table: name,
      op: 'read' as const,
      source: name,
      listed: 1,
      found: 0,
      reasons: [{ reason: 'own-table', count: 1 }],
      file: name,
      line: 1,
    })),
  })
}
