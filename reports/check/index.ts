/** The formats of `check`. A new one is a file that exports `report`, and an entry here. */
import type { CheckReport } from './report.js'

export type { CheckContext, CheckReport } from './report.js'

interface Entry {
  /** For `--help`. */
  describe: string
  /** Formats load when they are asked for, with what they depend on. */
  load: () => Promise<{ report: CheckReport }>
}

/** All formats by the name that `--format` takes, in the order of `--help`. */
export const checkReports = {
  pretty: {
    describe: 'what is new and what to do about it, for the terminal',
    load: () => import('./pretty/index.js'),
  },
  json: { describe: 'the whole result, by schemas/check.schema.json', load: () => import('./json.js') },
} satisfies Record<string, Entry>

export type CheckFormat = keyof typeof checkReports
