/** Names of parameters that choose a column, a direction or another piece of a statement. */
import type { ChosenPart } from '../site/template.js'

interface Chosen {
  choice: ChosenPart
  /** The text in front of it. */
  before: string
}

/** One name for each, in order; none is taken. */
export function nameChoices(choices: Chosen[], taken: Set<string>): string[] {
  const names = new Set(taken)
  return choices.map(each => {
    const base = baseName(each)
    let name = base
    for (let number = 2; names.has(name); number++) name = `${base}${number}`
    names.add(name)
    return name
  })
}

/** What the code calls it, where that is a name: `sortColumn`, `options.direction`. */
function baseName({ choice: { code, values }, before }: Chosen): string {
  const [, called] =
    /^(?:[\w$]+(?:\?\.|!?\.))*([A-Za-z][\w]*)(?:\.to(?:Upper|Lower)Case\(\))?$/.exec(code) ?? []
  if (called !== undefined) return called[0]!.toLowerCase() + called.slice(1)
  if (values.every(value => DIRECTION.test(value))) return 'direction'
  const [, verb] = /\b(ORDER|GROUP)\s+BY\s+(?:[\w`"]+\.)?$/i.exec(before) ?? []
  if (verb !== undefined) return `${verb.toLowerCase()}By`
  return values.every(value => /^\s*ORDER\s+BY\b/i.test(value)) ? 'order' : 'choice'
}

const DIRECTION = /^\s*(?:ASC|DESC)\s*$/i
