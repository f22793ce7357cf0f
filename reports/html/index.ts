import { basename, resolve } from 'node:path'
import { boardOf } from '../board/index.js'
import type { Report } from '../report.js'
import { htmlDocument } from './document.js'
import { pageData } from './page-data.js'

/** A page to explore the map with: one file that opens from disk and asks nothing of any network. */
export const report: Report = {
  wantsStates: true,
  render(map, context) {
    return htmlDocument(pageData(map, boardOf(map), context), basename(resolve(context.root)))
  },
}
