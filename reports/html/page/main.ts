/** The script of the page: reads the embedded data, and fills the bar, the views and the panel. */
import type { PageData } from '../page-data.js'
import { bar } from './bar.js'
import { byId } from './dom.js'
import { listView } from './list-view.js'
import { mapView } from './map-view.js'
import { matrixView } from './matrix-view.js'
import { modelOf } from './model.js'
import { panel } from './panel/panel.js'
import { unfoldForPaper } from './paper.js'
import type { Page } from './parts.js'
import { Store } from './view.js'

const page: Page = {
  model: modelOf(JSON.parse(byId('data').textContent!) as PageData),
  store: new Store(),
}
bar(page)
mapView(page)
matrixView(page)
listView(page)
panel(page)
unfoldForPaper()

addEventListener('keydown', event => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === '/' && !typing) byId('search').focus()
  else if (event.key === 'Escape' && page.store.view.focus !== null) page.store.focus(null)
  else return
  event.preventDefault()
})
