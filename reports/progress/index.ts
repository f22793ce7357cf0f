/** The formats of `progress`. A new one is a file that exports `report`, and an entry here. */
import type { ProgressReport } from './report.js'

export type { ProgressContext, ProgressReport } from './report.js'

interface Entry {
  /** For `--help`. */
  describe: string
  /** How its files' names end, where that tells it from other kinds of text. */
  ending?: string
  load: () => Promise<{ report: ProgressReport }>
}

/** All formats by the name that `--format` takes, in the order of `--help`. */
export const progressReports = {
  summary: { describe: 'a table for the terminal', load: () => import('./summary.js') },
  markdown: {
    ending: '.md',
    describe: 'the same as a document for GitHub',
    load: () => import('./markdown.js'),
  },
  html: {
    ending: '.html',
    describe: 'a burndown as a page, one file',
    load: () => import('./html/index.js'),
  },
  json: {
    ending: '.json',
    describe: 'all numbers, by schemas/progress.schema.json',
    load: () => import('./json.js'),
  },
} satisfies Record<string, Entry>

export type ProgressFormat = keyof typeof progressReports
