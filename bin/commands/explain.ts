import { statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { DependencyMap } from '../../analyzers/model.js'
import type { NoSubject, Subject } from '../../reports/explain/index.js'
import { nearest } from '../../reports/text/nearest.js'
import { command as commandLine } from '../../reports/text/shell.js'
import { type AnalysisArguments, loadOutlook } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { forLog } from '../ci.js'
import { program } from '../program.js'
import { wantsColour, widthOf } from '../screen.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

/** Statements and places a section; `--format json` has all. */
const TOP = 10

interface ExplainArguments extends AnalysisArguments {
  subject: string
  format: 'text' | 'json'
  color: boolean | undefined
}

/** `seamripper explain`: all that the map knows of one table, service, file or line of code, and what to do. */
export const command: Command = {
  positionals: {
    subject: {
      describe: 'Table (id or name), service, file, or file:line',
      missing: 'Explain what? Give a table, a service, a file or a file:line.',
    },
    root: rootPositional,
  },
  options: {
    format: {
      alias: 'f',
      type: 'string',
      choices: ['text', 'json'],
      default: 'text',
      describe: 'For people or machines',
    },
    ...analysisOptions,
  },
  examples: [
    ['seamripper explain patients', 'Who owns the table, why, and who reaches it'],
    ['seamripper explain nilecare/patients', 'The same by its id, where two tables have the name'],
    ['seamripper explain billing-service ../shop', 'What a service takes from others'],
    ['seamripper explain src/invoices.ts', 'What runs in this file'],
    ['seamripper explain src/invoices.ts:40', 'What runs at this line'],
  ],
  async handler(args) {
    const given = args as unknown as ExplainArguments
    const { subject: word, root, format, color } = given
    const { map, outlook } = await loadOutlook(given)
    const { explain, findSubject, renderExplanation } = await import('../../reports/explain/index.js')
    const explanation = explain(map, subjectOf(findSubject(map, word), map, word, root), outlook)
    if (format === 'json') {
      process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`)
      return
    }
    const colour = wantsColour(process.stdout, color, process.env)
    const text = renderExplanation(explanation, {
      program,
      root,
      width: widthOf(process.stdout),
      top: TOP,
      colour,
    })
    process.stdout.write(forLog(text, process.env))
  },
}

function subjectOf(found: Subject | NoSubject, map: DependencyMap, word: string, root: string): Subject {
  switch (found.kind) {
    case 'ambiguous':
      throw new BadUsage(
        `"${word}" can mean more than one thing. Say which:\n${found.candidates
          .map(candidate => `  ${commandLine(['explain', candidate], { program, root })}`)
          .join('\n')}`,
      )
    case 'unknown':
      if (isFile(word, root) || isFile(resolve(word), root))
        return { kind: 'file', file: fileInRoot(map, word, root) }
      throw new BadUsage(
        `The map has no table or service "${word}".${question(found.candidates) || ` See what it has: ${commandLine(['map', '--format', 'markdown'], { program, root })}`}`,
      )
    case 'place':
      return { ...found, file: fileInRoot(map, found.file, root) }
    default:
      return found
  }
}

/** A file as the map names it, relative to the root; given relative to the root or to the current folder. */
function fileInRoot(map: DependencyMap, file: string, root: string): string {
  const known = new Set([...map.accesses, ...map.unresolved].map(each => each.file))
  const fromRoot = (path: string) => relative(root, path).replaceAll('\\', '/')
  const candidates = [fromRoot(resolve(root, file)), fromRoot(resolve(file))]
  const found = candidates.find(path => known.has(path) || (!path.startsWith('../') && isFile(path, root)))
  if (found !== undefined) return found
  throw new BadUsage(`The analysed folder has no file ${file}.${question(nearest(file, known))}`)
}

function isFile(path: string, root: string): boolean {
  return statSync(resolve(root, path), { throwIfNoEntry: false })?.isFile() === true
}

function question(candidates: string[]): string {
  return candidates.length === 0 ? '' : ` Did you mean ${candidates.join(' or ')}?`
}
