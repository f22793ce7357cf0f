/** The shapes of `BuiltTable`, `ModelTable`, `ReachData` and `OutsideFile`: see `catalogue/builders/built-tables.ts`, `catalogue/model-tables.ts`, `link/reach.ts`, `link/unused/outside.ts`. */
import type { BuiltTable, ModelTable } from '../catalogue/index.js'
import type { ReachData } from '../link/reach.js'
import type { OutsideFile } from '../link/unused/index.js'
import type { Shape } from './shape.js'
import { bool, count, list, nullable, object, oneOf, pair, record, text } from './shape.js'

export const builtTableShape = object<BuiltTable>({
  schema: nullable(text),
  name: text,
  file: text,
  line: count,
  creates: bool,
  sql: object<BuiltTable['sql']>({ postgresql: nullable(text), mysql: nullable(text) }),
})

export const modelTableShape = object<ModelTable>({
  schema: nullable(text),
  inAnySchema: bool,
  name: text,
  file: text,
  line: count,
  by: text,
  write: nullable(oneOf<NonNullable<ModelTable['write']>>({ add: true, change: true })),
})

export const reachShape = object<ReachData>({
  reached: list(pair(list(text), list(text))),
  libraries: record(list(text)),
  services: record(list(text)),
})

export const outsideShape: Shape<OutsideFile[]> = list(pair(text, list(text)))
