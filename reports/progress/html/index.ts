import type { Progress } from '../../../analyzers/progress/index.js'
import { themeVariables } from '../../board/theme.js'
import { sourceHash } from '../../html/source-hash.js'
import { number } from '../../text/words.js'
import { xml } from '../../text/xml.js'
import { cellOf, columnsOf, outcome, zeroNote } from '../columns.js'
import type { ProgressReport } from '../report.js'
import { chart, spread } from './chart.js'

const STYLE = `${themeVariables()}:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 ui-sans-serif,system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:17px;margin:28px 0 8px}
.outcome{font-size:17px;margin:0 0 16px}
.card{background:var(--card);border:1px solid var(--border);border-radius:8px;padding:12px 16px}
.scroll{overflow-x:auto}
.newest-first{direction:rtl}.newest-first>*{direction:ltr}
.chart{display:block;width:calc(100% - 56px);height:240px;margin:8px 8px 34px 48px;overflow:visible}
.grid{stroke:var(--border)}.axis{fill:var(--muted);font-size:12px}.axis.narrow{display:none}
.line{fill:none;stroke-width:2.5;vector-effect:non-scaling-stroke}.area{opacity:.14}
.line.all{stroke:var(--text)}.area.all,.dot.all{fill:var(--text)}
.line.whole{stroke:var(--muted);stroke-dasharray:3 4}.dot.whole{fill:var(--muted)}
.line.read{stroke:var(--read)}.dot.read{fill:var(--read)}
.line.write{stroke:var(--write)}.dot.write{fill:var(--write)}
.line.join{stroke:var(--join);stroke-dasharray:7 3}.dot.join{fill:var(--join)}
.legend{margin:4px 0 0;color:var(--muted)}.legend span{display:inline-block;margin-right:16px}
.swatch{display:inline-block;width:22px;margin-right:6px;vertical-align:middle;border-top:3px solid var(--text)}
.swatch.read{border-color:var(--read)}.swatch.write{border-color:var(--write)}
.swatch.join{border-color:var(--join);border-top-style:dashed}.swatch.whole{border-color:var(--muted);border-top-style:dotted}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:4px 8px;border-bottom:1px solid var(--border);text-align:right;vertical-align:baseline}
th{color:var(--muted);font-weight:600;font-size:13px;vertical-align:bottom}
th:first-child,td:first-child,.left{text-align:left}.date{white-space:nowrap}
td:first-child{overflow-wrap:anywhere;min-width:11em}
th:first-child,td:first-child{position:sticky;left:0;background:var(--card)}
tbody tr:last-child td{border-bottom:0}
.fewer{color:var(--accent)}.more{color:var(--write);font-weight:600}
.counted{font-size:13px}
ul{padding-left:20px;color:var(--muted)}
.printed{display:none}
@media (max-width:640px){.axis.wide{display:none}.axis.narrow{display:inline}td:first-child{min-width:8.5em}
.card{padding:10px 12px}}
@page{margin:14mm 12mm}
@media print{:root{color-scheme:light;print-color-adjust:exact}body{background:none;font-size:12px}main{max-width:none;padding:0}
.card{border:0;padding:0}.scroll{overflow:visible}th,td{padding:3px 6px}th{font-size:11px}td:first-child{min-width:9em}
.newest-first{direction:ltr}th:first-child,td:first-child{position:static}
.between{display:none}.printed{display:block;color:var(--muted)}
tr,.figure{break-inside:avoid}h2{break-after:avoid}}
`

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 2h5v12H2zm7 0h5v12H9z' fill='%232b69ab'/%3E%3C/svg%3E"

/** A burndown as a page: one file without scripts, which asks for nothing from outside. */
export const report: ProgressReport = {
  render(progress) {
    const { points } = progress
    const policy = `default-src 'none'; style-src '${sourceHash(STYLE)}'; img-src data:; base-uri 'none'; form-action 'none'`
    const labels = points.map(({ label }) => label)
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="seamripper">
<meta name="referrer" content="no-referrer">
<title>Progress</title>
<link rel="icon" href="${ICON}">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Progress</h1>
<p class="outcome">${xml(outcome(progress))}</p>
<h2>Accesses to tables of another service</h2>
<div class="card figure">
${chart('Accesses to tables of another service, by revision', labels, [
  { name: 'crossings', colour: 'all', filled: true, values: points.map(each => each.crossings.accesses) },
  { name: 'reads', colour: 'read', values: points.map(each => each.crossings.reads) },
  { name: 'writes', colour: 'write', values: points.map(each => each.crossings.writes) },
  { name: 'joins', colour: 'join', values: points.map(each => each.crossings.joins) },
])}
</div>
<h2>Services separated, of those that use a database</h2>
<div class="card figure">
${chart('Services separated, by revision', labels, [
  { name: 'separated', colour: 'all', filled: true, values: points.map(each => each.separated.length) },
  { name: 'all', colour: 'whole', values: points.map(each => each.services) },
])}
</div>
<h2>By revision</h2>
<div class="card">
${revisions(progress)}
</div>
<h2>Crossings by the service that runs them</h2>
<div class="card">
${services(progress)}
</div>
${moved(progress)}
<h2>What the numbers leave out</h2>
<ul>
${progress.notes.map(note => `<li>${xml(note)}</li>`).join('\n')}
</ul>
</main>
</body>
</html>
`
  },
}

function revisions(progress: Progress): string {
  const shown = columnsOf(progress)
  const dated = progress.points.some(({ date }) => date !== null)
  const rows = progress.points.map(
    point =>
      `<tr><td>${xml(point.label)}</td>${dated ? `<td class="left date">${point.date ?? ''}</td>` : ''}${shown.map(column => `<td>${cellOf(column, point)}</td>`).join('')}</tr>`,
  )
  const head = `<tr><th scope="col">revision</th>${dated ? '<th scope="col" class="left">date</th>' : ''}${shown.map(({ heading, title }) => `<th scope="col" title="${xml(title)}">${heading}</th>`).join('')}</tr>`
  const zero = zeroNote(progress)
  return `<div class="scroll"><table>\n<thead>${head}</thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>
<ul class="counted">
${shown.map(({ heading, title }) => `<li><b>${heading}</b>: ${xml(title)}</li>`).join('\n')}
${zero === null ? '' : `<li>${xml(zero)}</li>`}
</ul>`
}

/** Revisions for which a sheet of paper has room. */
const MOST_PRINTED = 8

/**
 * The services that ever crossed, those with the most left first; the last column is what became of it. Where it is
 * too wide it begins at its end, the newest revision.
 */
function services({ points }: Progress): string {
  const counts = points.map(
    ({ byService }) => new Map(byService.map(({ service, accesses }) => [service, accesses])),
  )
  const names = [...new Set(counts.flatMap(of => [...of.keys()]))]
  if (names.length === 0) return '<p>No service reaches into the tables of another.</p>'
  const last = (name: string) => counts.at(-1)!.get(name) ?? 0
  names.sort((a, b) => last(b) - last(a) || (a < b ? -1 : 1))
  const printed = spread(points.length, MOST_PRINTED)
  const between = points.map((_, index) => (printed.includes(index) ? '' : ' class="between"'))
  const rows = names.map(name => {
    const change = last(name) - (counts[0]!.get(name) ?? 0)
    const became =
      change === 0
        ? '<td></td>'
        : `<td class="${change < 0 ? 'fewer' : 'more'}">${change < 0 ? '−' : '+'}${number(Math.abs(change))}</td>`
    return `<tr><td>${xml(name)}</td>${counts.map((of, index) => `<td${between[index]}>${number(of.get(name) ?? 0)}</td>`).join('')}${became}</tr>`
  })
  const head = `<tr><th scope="col">service</th>${points.map(({ label }, index) => `<th scope="col"${between[index]}>${xml(label)}</th>`).join('')}<th scope="col">change</th></tr>`
  const note =
    printed.length === points.length
      ? ''
      : `<p class="printed">${printed.length} of ${points.length} revisions: paper has no room for more.</p>`
  return `<div class="scroll newest-first"><table>\n<thead>${head}</thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>${note}`
}

function moved({ points }: Progress): string {
  const tables = points.at(-1)!.moved
  if (tables.length === 0) return ''
  const rows = tables.map(
    ({ table, from, to }) =>
      `<tr><td>${xml(table)}</td><td class="left">${xml(from)}</td><td class="left">${xml(to)}</td></tr>`,
  )
  return `<h2>Tables moved</h2>
<div class="card"><div class="scroll">
<table>
<thead><tr><th scope="col">table</th><th scope="col" class="left">from</th><th scope="col" class="left">to</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div></div>`
}
