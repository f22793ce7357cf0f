import { dirname, relative, resolve } from 'node:path'
import type { Repository } from '../../analyzers/repository.js'
import { type Format, reports } from '../../reports/index.js'
import { type AnalysisArguments, loadFolder, loadOutlook } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { forLog } from '../ci.js'
import { formatFor } from '../format.js'
import { LINK_PRESETS, linkTemplate } from '../link-template.js'
import { checkOutput, writeOutput } from '../output.js'
import { program } from '../program.js'
import { wantsColour, widthOf } from '../screen.js'
import { analysisOptions, type Command, outputOption, rootPositional } from './command.js'

interface MapArguments extends AnalysisArguments {
  format: Format | undefined
  output: string | undefined
  top: number
  linkTemplate: string | undefined
  color: boolean | undefined
}

/**
 * Crossings that the summary plans rewrites for. Each costs 4 ms of processor time: a map of many should not wait for
 * what `rewrite --plan` tells.
 */
const MOST_PLANNED = 100

/** `seamripper map`: analyses a monorepo and prints its dependency map. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    format: {
      alias: 'f',
      type: 'string',
      choices: reports,
      describe: 'What to write; without it, what the ending of --output says, else summary',
    },
    output: outputOption,
    top: {
      type: 'number',
      default: 10,
      describe: 'Lines a section of the summary; the rest is counted',
    },
    'link-template': {
      type: 'string',
      describe: `Where links to lines lead, in html and markdown: ${LINK_PRESETS.join(', ')}, or a URL with {file} and {line}`,
    },
    ...analysisOptions,
  },
  examples: [
    ['seamripper map', 'Summary of the monorepo in the current folder'],
    ['seamripper map ../shop --top 50', 'A longer summary of another folder'],
    ['seamripper map -f markdown -o docs/dependency-map.md', 'A document for the repository'],
    ['seamripper map -f json | jq .edges', 'Who reaches into whom, for a script'],
    [
      'seamripper map -f html -o map.html --link-template vscode',
      'A page to explore, opening lines in an editor',
    ],
    ['seamripper map -f dot | dot -Tsvg > map.svg', 'A picture, drawn by Graphviz'],
  ],
  async handler(args) {
    const given = args as unknown as MapArguments
    const { root, output, top, color, linkTemplate: links } = given
    if (!Number.isInteger(top) || top < 1) throw new BadUsage('--top takes a whole number from 1.')
    const format = formatFor(reports, given.format, output)
    if (output !== undefined) checkOutput(output)
    const template = links === undefined ? relativeLinks(output, root) : linkTemplate(links, root)
    const { report } = await reports[format].load()
    const { outlook, ...repository } = report.wantsOutlook
      ? await loadOutlook(given, MOST_PLANNED)
      : { ...(await loadFolder(given)), outlook: null }
    const stream = output === undefined ? process.stdout : {}
    const text = report.render(repository.map, {
      program,
      root,
      linkTemplate: template,
      states: report.wantsStates ? await crossingStates(root, repository) : null,
      outlook,
      width: widthOf(stream),
      colour: wantsColour(stream, color, process.env),
      top,
    })
    if (output === undefined) process.stdout.write(format === 'summary' ? forLog(text, process.env) : text)
    else {
      writeOutput(output, text)
      process.stderr.write(`Wrote ${output}\n`)
    }
  },
}

/** Which crossings the gate knows: in the baseline, or allowed. */
async function crossingStates(root: string, repository: Repository) {
  const { checkGate } = await import('../../analyzers/gate/index.js')
  const { statesOf } = await import('../../reports/html/states.js')
  return statesOf((await checkGate({ root, load: async () => repository })).violations)
}

/** Links from the folder of the file to the root: `../{file}#L{line}` in `docs/map.md`. */
function relativeLinks(output: string | undefined, root: string): string {
  if (output === undefined) return '{file}#L{line}'
  const path = relative(dirname(resolve(output)), resolve(root))
  const prefix = path === '' ? '' : `${path.split(/[/\\]/).map(encodeURIComponent).join('/')}/`
  return `${prefix}{file}#L{line}`
}
