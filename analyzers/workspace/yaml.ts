/** YAML with the places of things kept. The parser is loaded only when there is something to parse. */
import type { Document, ParsedNode } from 'yaml'
import { yamlNestsTooDeep } from './nesting.js'

/** A member of a mapping; `value` is null for a key without one, or with the value null. Aliases are followed. */
export interface KeyedNode<Key extends string = string> {
  key: Key
  line: number
  value: ParsedNode | null
}

/** A comment, with neither its `#` nor the spaces around it. */
export interface YamlComment {
  line: number
  text: string
  /** It has the line for itself. */
  isAlone: boolean
}

export interface YamlFile {
  /** The root node; null for an empty document. */
  contents: ParsedNode | null
  errors: readonly { line: number; message: string }[]
  /** 1-based line of an offset in the text. */
  lineAt(offset: number): number
  /** Members of a mapping; null for another node. */
  membersOf(node: ParsedNode): KeyedNode[] | null
  /** Items of a list; null for another node. */
  itemsOf(node: ParsedNode): ParsedNode[] | null
  /** 1-based line of the last key of a path of keys; 1 where there is none. */
  lineOfKey(...keys: string[]): number
  /** All of them, in their order. */
  comments(): YamlComment[]
  /** As plain data; null for a document with errors, or one whose aliases expand without end. */
  toValue(): unknown
}

/**
 * Parses one YAML document; what is wrong with it is in `errors`.
 *
 * @param uniqueKeys false where a key may stand twice in a mapping, for the reader to judge
 */
export async function parseYaml(text: string, { uniqueKeys = true } = {}): Promise<YamlFile> {
  if (yamlNestsTooDeep(text)) return unreadable('it is nested too deeply')
  const yaml = await import('yaml')
  const lines = new yaml.LineCounter()
  const lineAt = (offset: number): number => lines.linePos(offset).line
  let document: Document.Parsed
  try {
    document = yaml.parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys })
  } catch {
    return unreadable('it is nested too deeply')
  }

  const followed = (node: ParsedNode | null): ParsedNode | null =>
    yaml.isAlias(node) ? ((node.resolve(document) as ParsedNode | undefined) ?? null) : node
  const present = (node: ParsedNode | null): ParsedNode | null =>
    yaml.isScalar(node) && node.value === null ? null : node
  const membersOf = (node: ParsedNode): KeyedNode[] | null => {
    const map = followed(node)
    if (!yaml.isMap<ParsedNode, ParsedNode | null>(map)) return null
    return map.items.map(({ key, value }) => ({
      key: keyText(key),
      line: lineAt(key.range[0]),
      value: present(followed(value)),
    }))
  }
  return {
    contents: present(document.contents),
    errors: document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      message: firstLine(message),
    })),
    lineAt,
    membersOf,
    itemsOf(node) {
      const list = followed(node)
      return yaml.isSeq<ParsedNode>(list) ? list.items : null
    },
    lineOfKey(...keys) {
      let node: ParsedNode | null = document.contents
      let line = 1
      for (const key of keys) {
        const member: KeyedNode | undefined =
          node === null ? undefined : membersOf(node)?.find(m => m.key === key)
        if (member === undefined) return 1
        line = member.line
        node = member.value
      }
      return line
    },
    comments: () => commentsIn(text, yaml),
    toValue() {
      if (document.errors.length > 0) return null
      try {
        return document.toJS()
      } catch {
        return null
      }
    },
  }
}

function unreadable(message: string): YamlFile {
  return {
    contents: null,
    errors: [{ line: 1, message }],
    lineAt: () => 1,
    membersOf: () => null,
    itemsOf: () => null,
    lineOfKey: () => 1,
    comments: () => [],
    toValue: () => null,
  }
}

/** From the tokens: a tree has most comments at nodes that are not on their line. */
function commentsIn(text: string, { CST, Lexer }: typeof import('yaml')): YamlComment[] {
  const found: YamlComment[] = []
  let line = 1
  let isAlone = true
  for (const token of new Lexer().lex(text)) {
    const kind = CST.tokenType(token)
    if (kind === 'comment') found.push({ line, text: token.slice(1).trim(), isAlone })
    const newlines = token.split('\n').length - 1
    line += newlines
    if (newlines > 0) isAlone = true
    else if (kind !== 'space' && kind !== 'byte-order-mark' && kind !== 'doc-mode') isAlone = false
  }
  return found
}

/** Parser messages go on with their place and an excerpt of the text. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
}

function keyText(key: ParsedNode): string {
  if (!('value' in key)) return String(key)
  return typeof key.value === 'string' ? key.value : ('source' in key && key.source) || String(key.value)
}
