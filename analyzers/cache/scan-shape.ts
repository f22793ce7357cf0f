/** The shapes of what the text of a file tells, and of `ReachData`: see `link/imports.ts` and `link/reach.ts`. */
import type { Setting } from '../datastores/index.js'
import type { ImportStatement, ModuleScan, Origin } from '../link/imports.js'
import type { ReachData } from '../link/reach.js'
import { bool, count, list, object, oneOf, pair, record, text } from './shape.js'

const origin = object<Origin>({ module: text, name: text, isType: bool })

export const moduleShape = object<ModuleScan>({
  imports: list(
    object<ImportStatement>({
      kind: oneOf({ import: true, export: true, effect: true, call: true }),
      module: text,
      clause: text,
    }),
  ),
  declared: list(pair(text, object({ isType: bool }))),
  reexports: list(pair(text, list(origin))),
  stars: list(object({ module: text, isType: bool })),
})

export const settingShape = object<Setting>({
  name: text,
  value: text,
  file: text,
  line: count,
  source: oneOf<Setting['source']>({ deployment: true, env: true, example: true, code: true }),
  targets: list(text),
})

export const reachShape = object<ReachData>({
  reached: list(pair(list(text), list(text))),
  libraries: record(list(text)),
  services: record(list(text)),
})
