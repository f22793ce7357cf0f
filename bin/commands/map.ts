import { dirname, relative, resolve } from 'node:path'
import { type Format, reports } from '../../reports/index.js'
import { type AnalysisArguments, analyzeFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { checkOutput, writeOutput } from '../output.js'
import { wantsColour, widthOf } from '../screen.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

interface MapArguments extends AnalysisArguments {
  format: Format
  output: string | undefined
  top: number
  color: boolean | undefined
}

const formats = Object.entries(reports)
  .map(([name, { describe }]) => `${name}: ${describe}`)
  .join('\n')

/** `seamripper map`: analyses a monorepo and prints its dependency map. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    format: {
      alias: 'f',
      choices: Object.keys(reports),
      default: 'summary',
      requiresArg: true,
      describe: formats,
    },
    output: {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'Write to this file instead of stdout',
    },
    top: {
      type: 'number',
      default: 10,
      requiresArg: true,
      describe: 'Lines a section of the summary; the rest is counted',
    },
    ...analysisOptions,
  },
  examples: [
    ['seamripper map', 'Summary of the monorepo in the current folder'],
    ['seamripper map ../shop --top 50', 'A longer summary of another folder'],
    ['seamripper map -f markdown -o docs/dependency-map.md', 'A document for the repository'],
    ['seamripper map -f json | jq .edges', 'Who reaches into whom, for a script'],
    ['seamripper map -f dot | dot -Tsvg > map.svg', 'A picture, drawn by Graphviz'],
  ],
  async handler(args) {
    const given = args as unknown as MapArguments
    const { root, format, output, top, color } = given
    if (!Number.isInteger(top) || top < 1) throw new BadUsage('--top takes a whole number from 1.')
    if (output !== undefined) checkOutput(output)
    const map = await analyzeFolder(given)
    const { report } = await reports[format].load()
    const stream = output === undefined ? process.stdout : {}
    const text = report.render(map, {
      root,
      linkPrefix: output === undefined ? '' : linkPrefix(output, root),
      width: widthOf(stream),
      colour: wantsColour(stream, color, process.env),
      top,
    })
    if (output === undefined) process.stdout.write(text)
    else {
      writeOutput(output, text)
      process.stderr.write(`Wrote ${output}\n`)
    }
  },
}

/** How links in a file lead to the root: `../` for `docs/map.md`. */
function linkPrefix(output: string, root: string): string {
  const path = relative(dirname(resolve(output)), resolve(root))
  return path === '' ? '' : `${path.split(/[/\\]/).map(encodeURIComponent).join('/')}/`
}
