/** Which classes implement which interfaces of the repository, so that a call of a method finds its bodies. */
import type { ClassId, FileFacts, NodeId } from '../extract/facts.js'
import type { Program, Resolution } from './program.js'
import { resolveImport } from './program.js'

export interface Interfaces {
  /** Interfaces (`file#name`) that a class (`file#id`) or a parent of it says it implements. */
  ofClass: Map<string, Set<string>>
}

export const noInterfaces: Interfaces = { ofClass: new Map() }

/** Classes by the class (`file#id`) that they extend. */
export function findSubclasses(
  files: FileFacts[],
  parentOf: (file: string, node: NodeId) => { file: string; cls: ClassId } | null,
): Map<string, { file: string; cls: ClassId }[]> {
  const found = new Map<string, { file: string; cls: ClassId }[]>()
  for (const { file, classes } of files) {
    classes.forEach((each, cls) => {
      const parent = each.extends === null ? null : parentOf(file, each.extends)
      if (!parent) return
      const key = `${parent.file}#${parent.cls}`
      found.set(key, [...(found.get(key) ?? []), { file, cls }])
    })
  }
  return found
}

export function interfaceKey(file: string, name: string): string {
  return `${file}#${name}`
}

const MAX_DEPTH = 5

/** Reads the `implements` clauses of all classes, through interfaces that extend others. */
export function findInterfaces(program: Program, files: FileFacts[]): Interfaces {
  const ofClass = new Map<string, Set<string>>()
  const add = (home: FileFacts, name: string, cls: string, depth: number): void => {
    const found = locate(program, home, name)
    if (!found || depth > MAX_DEPTH) return
    const known = ofClass.get(cls)
    const key = interfaceKey(found.file, found.name)
    if (known) known.add(key)
    else ofClass.set(cls, new Set([key]))
    const declaring = program.facts(found.file)
    for (const parent of declaring?.interfaces[found.name] ?? []) {
      if (declaring && parent !== name) add(declaring, parent, cls, depth + 1)
    }
  }
  for (const facts of files) {
    facts.classes.forEach((cls, id: ClassId) => {
      for (const name of cls.implements) add(facts, name, `${facts.file}#${id}`, 0)
    })
  }
  return { ofClass }
}

function locate(
  program: Program,
  facts: FileFacts,
  name: string,
): (Resolution & { kind: 'interface' }) | null {
  if (Object.hasOwn(facts.interfaces, name)) return { kind: 'interface', file: facts.file, name }
  const resolution = Object.hasOwn(facts.imports, name) ? resolveImport(program, facts.file, name) : null
  return resolution?.kind === 'interface' ? resolution : null
}
