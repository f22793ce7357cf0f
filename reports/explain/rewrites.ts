import { type Crossing, orderBy } from '../../analyzers/graph/index.js'
import type { Forecast } from '../../codemods/forecast.js'
import type { Rewrite } from './explanation.js'

/** By the id of the access. */
export type Forecasts = ReadonlyMap<string, Forecast>

/** What `rewrite` would do with each of the accesses that cross, by place. */
export function rewritesOf(crossings: Crossing[], forecasts: Forecasts): Rewrite[] {
  return [...new Set(crossings.map(({ access }) => access))]
    .flatMap(({ id, file, line }) => {
      const forecast = forecasts.get(id)
      return forecast === undefined ? [] : [{ file, line, ...forecast }]
    })
    .sort(
      orderBy(
        each => each.file,
        each => each.line,
      ),
    )
}
