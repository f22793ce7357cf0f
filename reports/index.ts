/** The formats of `map`. A new one is a file that exports `report`, and an entry here. */
import type { Report } from './report.js'

export type { Report, ReportContext } from './report.js'

interface Entry {
  /** For `--help`. */
  describe: string
  /** How its files' names end, where that tells it from other kinds of text. */
  ending?: string
  /** Formats load when they are asked for, with what they depend on. */
  load: () => Promise<{ report: Report }>
}

/** All formats by the name that `--format` takes, in the order of `--help`. */
export const reports = {
  summary: { describe: 'what to act on, for the terminal', load: () => import('./summary/index.js') },
  json: {
    ending: '.json',
    describe: 'the whole map, by schemas/map.schema.json',
    load: () => import('./json.js'),
  },
  html: { ending: '.html', describe: 'a page to explore, one file', load: () => import('./html/index.js') },
  markdown: {
    ending: '.md',
    describe: 'the map as a document for GitHub',
    load: () => import('./markdown/index.js'),
  },
  mermaid: {
    ending: '.mmd',
    describe: 'what crosses, as a Mermaid flowchart',
    load: () => import('./mermaid.js'),
  },
  svg: {
    ending: '.svg',
    describe: 'services, tables and what crosses as a picture',
    load: () => import('./svg.js'),
  },
  dot: { ending: '.dot', describe: 'what crosses, for Graphviz', load: () => import('./dot.js') },
  gexf: { ending: '.gexf', describe: 'the whole graph, for Gephi', load: () => import('./gexf.js') },
  csv: { ending: '.csv', describe: 'one row for each table of each access', load: () => import('./csv.js') },
} satisfies Record<string, Entry>

export type Format = keyof typeof reports
