import { checkConfigIsHere, checkFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { forLog } from '../ci.js'
import { program } from '../program.js'
import { progressLine } from '../progress.js'
import { wantsColour } from '../screen.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

interface VerifyArguments {
  root: string
  plan: boolean
  mysqlUrl: string | undefined
  config: string | undefined
  color: boolean | undefined
}

/** Exit status for differences. */
const DIFFERENCES = 1
/** The same where not one operation could be verified: a job of CI that lacks a database must not look like a proof. */
const NOTHING_VERIFIED = 1

/** `seamripper verify`: operations give what the statements gave that they replace. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    plan: {
      type: 'boolean',
      default: false,
      describe: 'Also what rewrite would make, before it is written',
    },
    'mysql-url': {
      type: 'string',
      describe:
        'Server for MySQL or MariaDB, where databases are made and dropped: mysql://root@localhost:3306',
    },
    config: analysisOptions.config,
  },
  examples: [
    ['seamripper verify', 'Verify what was rewritten'],
    ['seamripper verify --plan --mysql-url mysql://root@localhost', 'Verify what would be rewritten'],
  ],
  async handler(args) {
    const { root, plan, mysqlUrl, config, color } = args as unknown as VerifyArguments
    checkFolder(root)
    checkConfigIsHere({ root, config })
    if (mysqlUrl !== undefined && !(URL.canParse(mysqlUrl) && /^(?:mysql|mariadb):/.test(mysqlUrl))) {
      throw new BadUsage('--mysql-url takes an address such as mysql://root@localhost:3306.')
    }
    const { rewrite, RewriteError } = await import('../../codemods/index.js')
    const { verify } = await import('../../codemods/verify/index.js')
    const { noLongerInCode, withFormerCode } = await import('../../codemods/verify/former.js')
    const { renderVerification } = await import('../../reports/rewrite/verification.js')
    const { recordDifferences } = await import('../../codemods/verify/difference.js')
    const progress = progressLine(process.stderr)
    try {
      const { operations, alone, different, repository, rewritten } = await rewrite({
        root,
        ...(config === undefined ? {} : { configFile: config }),
        inTransactions: false,
        mayDiffer: true,
        wants: () => plan,
        onProgress: progress.show,
      })
      if (operations.length === 0 && alone.length === 0) {
        throw new BadUsage(
          plan
            ? `Nothing would be rewritten. See why: ${program} rewrite --plan`
            : `Nothing was rewritten yet. Verify what would be: ${program} verify --plan`,
        )
      }
      const { root: folder } = repository.workspace
      const former = {
        root: folder,
        ...(config === undefined ? {} : { configFile: config }),
        accesses: noLongerInCode(operations, rewritten),
        onProgress: progress.show,
      }
      const verified = await withFormerCode(former, former =>
        verify({
          operations,
          alone,
          repository,
          planned: rewritten,
          former,
          mysqlUrl: mysqlUrl ?? null,
          onProgress: progress.show,
        }),
      )
      progress.clear()
      const { existing, existingAlone } = repository
      recordDifferences(folder, verified, {
        operations: existing,
        alone: existingAlone,
        different,
      })
      const text = renderVerification(verified, wantsColour(process.stdout, color, process.env))
      process.stdout.write(forLog(text, process.env))
      const has = (kind: (typeof verified)[number]['outcome']['kind']) =>
        verified.some(({ outcome }) => outcome.kind === kind)
      if (has('different')) process.exitCode = DIFFERENCES
      else if (!has('equal')) {
        process.stderr.write('Nothing was verified.\n')
        process.exitCode = NOTHING_VERIFIED
      }
    } catch (error) {
      if (error instanceof RewriteError) throw new BadUsage(error.message)
      throw error
    } finally {
      progress.clear()
    }
  },
}
