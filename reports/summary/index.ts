import type { DependencyMap } from '../../analyzers/model.js'
import type { Report } from '../report.js'
import { screenOf } from '../terminal/section.js'
import { headline } from './headline.js'
import { nextSteps } from './next-steps.js'
import * as sections from './sections.js'

/** What a person can act on, for the terminal. */
export const report: Report = {
  wantsOutlook: true,
  render(map: DependencyMap, context) {
    const screen = screenOf(context, rows => `--top ${rows} shows all`)
    const lines = [
      ...headline(map, context, screen),
      ...sections.services(map, screen),
      ...sections.mutual(map, screen),
      ...sections.tables(map, screen),
      ...sections.joins(map, screen),
      ...sections.transactions(map, screen),
      ...sections.foreignKeys(map, screen),
      ...sections.open(map, screen),
      ...sections.migrations(map, screen),
      ...sections.unreached(map, screen),
      ...sections.unused(map, screen),
      ...sections.separation(map, screen),
      ...sections.unresolved(map, screen),
      ...sections.diagnostics(map, screen),
      ...nextSteps(map, context, screen),
    ]
    return `${lines.join('\n')}\n`
  },
}
