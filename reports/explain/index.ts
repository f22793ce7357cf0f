/** `explain`: one table, service, file or place, as plain data and as text for the terminal. */
import type { DependencyMap } from '../../analyzers/model.js'
import type { Outlook } from '../../codemods/forecast.js'
import type { Explanation } from './explanation.js'
import { explainFile } from './file.js'
import { explainPlace } from './place.js'
import { explainService } from './service.js'
import type { Subject } from './subject.js'
import { explainTable } from './table.js'

export type { Explanation } from './explanation.js'
export { renderExplanation } from './render.js'
export { findSubject, type NoSubject, type Subject } from './subject.js'

/** Collects all that is known of a subject that `findSubject` found. */
export function explain(map: DependencyMap, subject: Subject, { accesses }: Outlook): Explanation {
  const forecasts = new Map(accesses.map(each => [each.access, each]))
  switch (subject.kind) {
    case 'table':
      return explainTable(map, subject.id, forecasts)
    case 'service':
      return explainService(map, map.services.find(service => service.name === subject.name)!, forecasts)
    case 'file':
      return explainFile(map, subject.file, forecasts)
    case 'place':
      return explainPlace(map, subject.file, subject.line, forecasts)
  }
}
