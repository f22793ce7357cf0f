import type { CacheStore } from '../analyzers/cache/index.js'
import { keyOf } from '../analyzers/cache/index.js'
import { text } from '../analyzers/cache/shape.js'
import type { CheckContext } from '../reports/check/report.js'

type LayOut = CheckContext['layOut']

/**
 * Renders with SQL that is laid out: as in an earlier run, as far as the cache has it, for the formatter takes 60 ms to
 * load and to begin with a dialect.
 */
export async function renderWithLayouts(
  cache: CacheStore | null,
  render: (layOut: LayOut) => string,
): Promise<string> {
  const keyOfText = (sql: string, dialect: string | null) => keyOf(dialect ?? '', sql)
  let isMissing = cache === null
  if (cache !== null) {
    const rendered = render((sql, dialect) => {
      const known = cache.get('layouts', keyOfText(sql, dialect), text)
      isMissing ||= known === null
      return known ?? sql
    })
    if (!isMissing) {
      cache.close()
      return rendered
    }
  }
  const { layOut } = await import('../reports/explain/sql.js')
  const rendered = render((sql, dialect) => {
    const made = layOut(sql, dialect)
    cache?.put('layouts', keyOfText(sql, dialect), made)
    return made
  })
  cache?.save()
  return rendered
}
