import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
} from 'yaml'
import { yamlNestsTooDeep } from '../../workspace/nesting.js'
import { MAX_DEPTH, type Tree, type TreeEntry } from './tree.js'

/** Aliases of aliases can multiply a small file into a huge tree. */
const MAX_NODES = 50_000

/**
 * All documents of a YAML text, aliases and merge keys resolved. Helm templates are read with their `{{ … }}` left out.
 * @returns the roots that could be read; `error` holds the first thing that could not
 */
export function readYaml(text: string): { roots: Tree[]; error: { message: string; line: number } | null } {
  if (yamlNestsTooDeep(text)) return { roots: [], error: { message: 'it is nested too deeply', line: 1 } }
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
