import { statSync } from 'node:fs'
import type { Cache, CacheStore } from '../../analyzers/cache/index.js'
import { type ProgressFormat, progressReports } from '../../reports/progress/index.js'
import { plain } from '../../reports/text/plain.js'
import { type AnalysisArguments, checkFolder, loadFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { formatFor } from '../format.js'
import { checkOutput, writeOutput } from '../output.js'
import { program } from '../program.js'
import { wantsColour, widthOf } from '../screen.js'
import { analysisOptions, type Command, outputOption, rootPositional } from './command.js'

interface ProgressArguments extends AnalysisArguments {
  history: string[]
  format: ProgressFormat | undefined
  output: string | undefined
  color: boolean | undefined
}

/** `seamripper progress`: how far the separation is, revision by revision. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    history: {
      type: 'string',
      list: 'following',
      default: ['tags'],
      describe:
        'What to compare, oldest first: revisions, or files that "map --format json" wrote (*.json). tags: the newest tags and the working tree',
    },
    format: {
      alias: 'f',
      type: 'string',
      choices: progressReports,
      describe: 'What to write; without it, what the ending of --output says, else summary',
    },
    output: outputOption,
    ...analysisOptions,
  },
  examples: [
    ['seamripper progress', 'The newest tags and what is there now'],
    ['seamripper progress --history v1.0 v2.0 HEAD', 'Three revisions'],
    ['seamripper progress --history maps/*.json', 'Maps that were saved, say every month'],
    ['seamripper progress -f html -o progress.html', 'A burndown as a page'],
  ],
  async handler(args) {
    const given = args as unknown as ProgressArguments
    const { root, history, output, config, color } = given
    const format = formatFor(progressReports, given.format, output)
    if (output !== undefined) checkOutput(output)
    checkFolder(root)
    const folder = history.find(word => statSync(word, { throwIfNoEntry: false })?.isDirectory())
    if (folder !== undefined && root === '.') {
      throw new BadUsage(
        `${folder} is a folder, and no revision. Give the folder of the monorepo before --history: ${program} progress ${folder} --history …`,
      )
    }
    const { progressOf } = await import('../../analyzers/progress/index.js')
    const { cacheFor } = await import('../../analyzers/repository.js')
    const cache = given.cache ? cacheFor({ root, cacheDir: given.cacheDir ?? true }) : null
    const progress = await progressOf({
      root,
      history,
      ...(config === undefined ? {} : { configFile: config }),
      load: (at, configFile) => loadFolder({ ...given, root: at, cacheRoot: root, config: configFile }),
      ...(cache === null || 'reason' in cache ? {} : { cache: savingAtOnce(cache) }),
      onRevision: (label, done, total) => {
        if (process.stderr.isTTY) process.stderr.write(`Revision ${done + 1} of ${total}: ${plain(label)}\n`)
      },
    })
    const { report } = await progressReports[format].load()
    const stream = output === undefined ? process.stdout : {}
    const text = report.render(progress, {
      width: widthOf(stream),
      colour: wantsColour(stream, color, process.env),
    })
    if (output === undefined) process.stdout.write(text)
    else {
      writeOutput(output, text)
      process.stderr.write(`Wrote ${output}\n`)
    }
  },
}

/** What is measured is kept at once: Ctrl-C half way loses nothing of it. */
function savingAtOnce(cache: CacheStore): Cache {
  return {
    get: cache.get,
    has: cache.has,
    put: (...entry) => {
      cache.put(...entry)
      cache.save()
    },
  }
}
