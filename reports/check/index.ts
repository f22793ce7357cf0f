/** The formats of `check`. A new one is a file that exports `report`, and an entry here. */
import type { CheckReport } from './report.js'

export type { CheckContext, CheckReport, GivenProblem } from './report.js'

interface Entry {
  /** For `--help`. */
  describe: string
  /** How its files' names end, where that tells it from other kinds of text. */
  ending?: string
  /** Formats load when they are asked for, with what they depend on. */
  load: () => Promise<{ report: CheckReport }>
}

/** All formats by the name that `--format` takes, in the order of `--help`. */
export const checkReports = {
  pretty: {
    describe: 'what is new and what to do about it, for the terminal',
    load: () => import('./pretty/index.js'),
  },
  json: {
    ending: '.json',
    describe: 'the whole result, by schemas/check.schema.json',
    load: () => import('./json.js'),
  },
  markdown: {
    ending: '.md',
    describe: 'what the change adds and removes, for a comment',
    load: () => import('./markdown.js'),
  },
  sarif: { ending: '.sarif', describe: 'SARIF 2.1.0, for code scanning', load: () => import('./sarif.js') },
  junit: { ending: '.xml', describe: 'JUnit XML: a rule is a suite', load: () => import('./junit.js') },
  github: { describe: 'annotations and a job summary of GitHub Actions', load: () => import('./github.js') },
  gitlab: { describe: 'code quality report of GitLab', load: () => import('./gitlab.js') },
  checkstyle: { ending: '.xml', describe: 'Checkstyle XML', load: () => import('./checkstyle.js') },
} satisfies Record<string, Entry>

export type CheckFormat = keyof typeof checkReports
