/** Reading of the nodes of a config: values of the wanted kind, and a problem with its line for all others. */
import type { ParsedNode } from 'yaml'
import type { ConfigProblem } from './config-error.js'
import { didYouMean } from './suggest.js'
import type { Config } from './types.js'
import type { KeyedNode, YamlFile } from './yaml.js'

/** Collects the problems of one config while its parts are read. */
export class ConfigNodes {
  readonly problems: ConfigProblem[] = []

  constructor(
    readonly yaml: YamlFile,
    protected readonly config: Config,
  ) {}

  /** Members of a mapping; a key that is not one of `known` is a problem and left out. */
  members<Key extends string>(node: ParsedNode, where: string, known?: readonly Key[]): KeyedNode<Key>[] {
    const members = this.yaml.membersOf(node)
    if (members === null) {
      const line = this.lineOf(node)
      this.report(line, `${where} is ${this.describe(node)}; a mapping (key: value) is expected`)
      return []
    }
    return members.filter((member): member is KeyedNode<Key> => {
      if (known === undefined || (known as readonly string[]).includes(member.key)) return true
      const hint = didYouMean(member.key, known)
      const allowed =
        known.length === 1 ? `Only ${known[0]} is known here` : `Known here: ${known.join(', ')}`
      this.report(member.line, `${where} has an unknown key "${member.key}".${hint} ${allowed}`)
      return false
    })
  }

  /** A text; null, and a problem, for anything else. */
  text({ line, value }: { line: number; value: ParsedNode | null }, where: string): string | null {
    const scalar = value !== null && 'value' in value ? value.value : undefined
    if (typeof scalar === 'string') return scalar
    const advice = typeof scalar === 'number' || typeof scalar === 'boolean' ? '. Write it in quotes' : ''
    const found = value === null || scalar === null ? 'empty' : this.describe(value)
    this.report(line, `${where} is ${found}; a text is expected${advice}`)
    return null
  }

  describe(node: ParsedNode): string {
    if (this.yaml.itemsOf(node) !== null) return 'a list'
    if (this.yaml.membersOf(node) !== null) return 'a mapping'
    const value = 'value' in node ? node.value : undefined
    return typeof value === 'string' ? `the text "${value}"` : String(value)
  }

  lineOf(node: ParsedNode): number {
    return this.yaml.lineAt(node.range[0])
  }

  report(line: number, message: string): void {
    this.problems.push({ file: this.config.file!, line, message })
  }

  /** One text or a list of them. */
  texts(member: { line: number; value: ParsedNode | null }, where: string): string[] {
    const items = member.value === null ? null : this.yaml.itemsOf(member.value)
    if (items === null) {
      const text = this.text(member, where)
      return text === null ? [] : [text]
    }
    return items
      .map((item, index) => this.text({ line: this.lineOf(item), value: item }, `${where} ${index + 1}`))
      .filter(text => text !== null)
  }

  /** Keeps the line of a key, for later messages. */
  remember(key: string, line: number): void {
    this.config.lines[key] = line
  }
}
