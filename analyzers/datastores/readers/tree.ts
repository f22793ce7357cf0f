/** YAML and JSON as one kind of tree with places, for the readers of compose files, manifests and configuration. */

/** A value of a YAML or JSON file with its line. */
export type Tree =
  | { kind: 'scalar'; value: string | number | boolean | null; line: number }
  | { kind: 'list'; items: Tree[]; line: number }
  | { kind: 'map'; entries: TreeEntry[]; line: number }

export interface TreeEntry {
  key: string
  line: number
  value: Tree
}

/** Deeper than any settings file; keeps hostile nesting from using up the stack. */
export const MAX_DEPTH = 40

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
