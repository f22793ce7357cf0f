import { crossForeignKeys, crossings, tally } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { code, table, text } from '../text/markdown.js'
import { count, leftOutFiles, notReadWords, number, operations, withDialect } from '../text/words.js'

/** The numbers of the whole map. */
export function overview(map: DependencyMap): string[] {
  const crossing = tally(crossings(map))
  const libraries = map.services.filter(service => service.kind === 'library').length
  const open = map.tables.filter(each => each.owner === null).length
  const executed = map.accesses.filter(access => !access.migration).length
  const datastores = map.datastores.map(each => withDialect(each, code(each.id)))
  const unread = notReadWords(map)
  const details = operations(crossing)
  return [
    '',
    '## Overview',
    '',
    ...table(
      ['', ''],
      [
        ['Services', number(map.services.length - libraries)],
        ['Libraries', number(libraries)],
        ['Datastores', datastores.join(', ') || 'none found'],
        ['Tables', number(map.tables.length)],
        ['Tables with an open owner', number(open)],
        ['Accesses', number(executed)],
        ['Accesses in migrations', number(map.accesses.length - executed)],
        ['Cross-service accesses', `**${number(crossing.accesses)}**${details === '' ? '' : `: ${details}`}`],
        ['Cross-service transactions', number(map.transactions.length)],
        ['Cross-service foreign keys', number(crossForeignKeys(map).length)],
        ['Unresolved places', number(map.unresolved.length)],
        ['Files read', `${number(map.coverage.files)} (${count(map.coverage.lines, 'line')})`],
        ['Files left out', text(leftOutFiles(map.coverage).reasons) || 'none'],
        ...(unread === null ? [] : [['Not read', unread]]),
      ],
    ),
  ]
}
