import { nearest } from '../reports/text/nearest.js'

/** What yargs may say, in English, and what this tool says instead. */
const RULES: [
  pattern: RegExp,
  message: (match: RegExpExecArray, words: string[], options: string[]) => string,
][] = [
  [
    /^Unknown (?:argument|command)s?: ([^,]*)/,
    ([, name = ''], words, options) => unknown(name, words, options),
  ],
  [/^Did you mean (.*)\?$/, ([, name]) => `Unknown command. Did you mean "seamripper ${name}"?`],
  [/^Not enough arguments following: (.*)$/, ([, name = '']) => `Option ${dashed(name)} needs a value.`],
  [/^Not enough non-option arguments/, () => 'Explain what? Give a table, a service or a file:line.'],
  [
    /^Invalid values:\s+Argument: (.*), Given: "(.*)", Choices: (.*)$/s,
    ([, name = '', given = '', choices = '']) => {
      const known = choices.replaceAll('"', '').split(', ')
      return `${dashed(name)} can't be "${given}".${question(nearest(given, known))} It is one of ${known.join(', ')}.`
    },
  ],
]

/**
 * What to tell of a command line that yargs refuses: what is wrong, what was probably meant, and where help is.
 *
 * @param message of yargs
 * @param words the command line
 * @param known the command, empty if none was recognised, and its options without dashes
 */
export function usageMessage(
  message: string,
  words: string[],
  known: { command: string; options: string[] },
): string {
  const rule = RULES.find(([pattern]) => pattern.test(message))
  const told = rule ? rule[1](rule[0].exec(message)!, words, known.options) : message
  return `${told}\nSee seamripper ${known.command === '' ? '' : `${known.command} `}--help.`
}

function unknown(name: string, words: string[], options: string[]): string {
  const option = words.find(
    word => word.startsWith('-') && word.replace(/^--?(?:no-)?/, '').split('=')[0] === name,
  )
  if (option === undefined) return `Don't know what to do with "${name}".`
  return `Unknown option ${option.split('=')[0]}.${question(nearest(name, options).map(dashed))}`
}

function question(meant: string[]): string {
  return meant[0] === undefined ? '' : ` Did you mean ${meant[0]}?`
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}
