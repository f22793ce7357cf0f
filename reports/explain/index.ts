/** `explain`: one table, service or place, as plain data and as text for the terminal. */
import type { DependencyMap } from '../../analyzers/model.js'
import type { Explanation } from './explanation.js'
import { explainPlace } from './place.js'
import { explainService } from './service.js'
import type { Subject } from './subject.js'
import { explainTable } from './table.js'

export type { Explanation } from './explanation.js'
export { renderExplanation } from './render.js'
export { findSubject, type NoSubject, type Subject } from './subject.js'

/** Collects all that the map knows of a subject that `findSubject` found. */
export function explain(map: DependencyMap, subject: Subject): Explanation {
  switch (subject.kind) {
    case 'table':
      return explainTable(map, subject.id)
    case 'service':
      return explainService(map, map.services.find(service => service.name === subject.name)!)
    case 'place':
      return explainPlace(map, subject.file, subject.line)
  }
}
