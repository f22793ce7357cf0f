/** YAML with places, for the readers of compose files, manifests and configuration. */

import type { Document, Node, Pair } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'

/** A value of a YAML or JSON file with its line; aliases and merge keys resolved. */
export type Tree =
  | { kind: 'scalar'; value: string | number | boolean | null; line: number }
  | { kind: 'list'; items: Tree[]; line: number }
  | { kind: 'map'; entries: TreeEntry[]; line: number }

export interface TreeEntry {
  key: string
  line: number
  value: Tree
}

/** Deeper than any settings file; keeps hostile nesting and self-referring aliases from using up the stack. */
const MAX_DEPTH = 40
/** Aliases of aliases can multiply a small file into a huge tree. */
const MAX_NODES = 50_000

/**
 * All documents of a YAML (or JSON) text. Helm templates are read with their `{{ … }}` left out.
 * @returns the roots that could be read; `error` holds the first thing that could not
 */
export function readYaml(text: string): { roots: Tree[]; error: { message: string; line: number } | null } {
  const source = text.includes('{{') ? withoutTemplates(text) : text
  const lineCounter = new LineCounter()
  let documents: Document.Parsed[]
  try {
    documents = [
      ...parseAllDocuments(source, { lineCounter, uniqueKeys: false, logLevel: 'silent' }),
    ] as Document.Parsed[]
  } catch (error) {
    return { roots: [], error: { message: error instanceof Error ? error.message : String(error), line: 1 } }
  }
  const roots: Tree[] = []
  let failure: { message: string; line: number } | null = null
  for (const document of documents) {
    const problem = document.errors[0]
    if (problem && !failure)
      failure = { message: problem.message.split('\n', 1)[0]!, line: problem.linePos?.[0].line ?? 1 }
    const counter = { left: MAX_NODES }
    const root = toTree(document.contents, document, lineCounter, 0, counter)
    if (root) roots.push(root)
  }
  return { roots, error: failure }
}

/** A line that holds only template commands goes; a value in braces becomes a word that is no database name. */
function withoutTemplates(text: string): string {
  return text
    .split('\n')
    .map(line =>
      /^\s*(-\s*)?\{\{.*\}\}\s*$/.test(line) ? '' : line.replace(/\{\{[^{}]*\}\}/g, '<template>'),
    )
    .join('\n')
}

function toTree(
  node: unknown,
  document: Document.Parsed,
  lines: LineCounter,
  depth: number,
  counter: { left: number },
): Tree | null {
  if (depth > MAX_DEPTH || counter.left-- <= 0) return null
  const resolved = isAlias(node) ? node.resolve(document) : node
  const line = lineOf(resolved, lines)
  if (isScalar(resolved)) {
    const value = resolved.value
    const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    return {
      kind: 'scalar',
      value: plain ? (value as string | number | boolean | null) : String(value),
      line,
    }
  }
  if (isSeq(resolved)) {
    const items = resolved.items.map(item => toTree(item, document, lines, depth + 1, counter))
    return { kind: 'list', items: items.filter(item => item !== null), line }
  }
  if (!isMap(resolved)) return null
  const entries: TreeEntry[] = []
  for (const pair of resolved.items as Pair[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : null
    const value = toTree(pair.value, document, lines, depth + 1, counter)
    if (key === null || !value) continue
    // Own keys win over those of a merged map, wherever they stand.
    if (key === '<<') {
      const sources = value.kind === 'list' ? value.items : [value]
      for (const source of sources) {
        if (source.kind !== 'map') continue
        for (const entry of source.entries)
          if (!entries.some(own => own.key === entry.key)) entries.push(entry)
      }
      continue
    }
    const merged = entries.findIndex(entry => entry.key === key)
    if (merged >= 0) entries.splice(merged, 1)
    entries.push({ key, line: lineOf(pair.key, lines), value })
  }
  return { kind: 'map', entries, line }
}

function lineOf(node: unknown, lines: LineCounter): number {
  const offset = (node as Node | null)?.range?.[0]
  return offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line)
}

/** Value of a key of a map; null if it is no map or has none. */
export function child(tree: Tree | null | undefined, key: string): Tree | null {
  if (tree?.kind !== 'map') return null
  return tree.entries.find(entry => entry.key === key)?.value ?? null
}

/** Text of a scalar; null for anything else. */
export function text(tree: Tree | null | undefined): string | null {
  return tree?.kind === 'scalar' && tree.value !== null ? String(tree.value) : null
}

/** An `environment` or `env` block in any of its forms: a map, `NAME=value` strings, `{ name, value }` items. */
export function environmentOf(tree: Tree | null): { name: string; value: string; line: number }[] {
  if (tree?.kind === 'map') {
    return tree.entries.flatMap(entry => {
      const value = text(entry.value) ?? text(child(entry.value, 'value'))
      return value === null ? [] : [{ name: entry.key, value, line: entry.line }]
    })
  }
  if (tree?.kind !== 'list') return []
  return tree.items.flatMap(item => {
    const plain = text(item)
    if (plain !== null) {
      const equals = plain.indexOf('=')
      return equals < 1
        ? []
        : [{ name: plain.slice(0, equals), value: plain.slice(equals + 1), line: item.line }]
    }
    const name = text(child(item, 'name'))
    const value = text(child(item, 'value'))
    return name === null || value === null ? [] : [{ name, value, line: child(item, 'name')!.line }]
  })
}
