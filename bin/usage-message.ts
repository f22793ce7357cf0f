import { nearest } from '../reports/text/nearest.js'

/**
 * What to tell of a command line that yargs refuses: its message in this tool's words, with what was probably
 * meant, and where help is.
 *
 * @param message of yargs, in English
 * @param words the command line
 * @param optionNames options of the command, without dashes
 */
export function usageMessage(message: string, words: string[], optionNames: string[]): string {
  return `${reason(message, words, optionNames)}\nSee seamripper --help.`
}

function reason(message: string, words: string[], optionNames: string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]
  if (unknown !== undefined) {
    const name = unknown.split(', ')[0]!
    const option = words.find(word => /^--?/.test(word) && word.replace(/^--?/, '').split('=')[0] === name)
    if (option === undefined) return `Don't know what to do with "${name}".`
    const [meant] = nearest(name, optionNames)
    return `Unknown option ${option.split('=')[0]}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`
  }
  const command = /^Did you mean (.*)\?$/s.exec(message)?.[1]
  if (command !== undefined) return `Unknown command. Did you mean "seamripper ${command}"?`
  const valueless = /^Not enough arguments following: (.*)$/s.exec(message)?.[1]
  if (valueless !== undefined)
    return `Option ${valueless.length === 1 ? '-' : '--'}${valueless} needs a value.`
  if (message.startsWith('Not enough non-option arguments'))
    return 'Explain what? Give a table, a service or a file:line.'
  const value = /^Invalid values:\s+Argument: (.*), Given: "(.*)", Choices: (.*)$/s.exec(message)
  if (value) {
    const choices = value[3]!.split(', ').map(choice => choice.replaceAll('"', ''))
    const [meant] = nearest(value[2]!, choices)
    const question = meant === undefined ? '' : ` Did you mean ${meant}?`
    return `--${value[1]} can't be "${value[2]}".${question} It is one of ${choices.join(', ')}.`
  }
  return message
}
