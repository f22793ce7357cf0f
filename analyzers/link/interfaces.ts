/** Which classes implement which interfaces of the repository, so that a call of a method finds its bodies. */
import type { ClassFacts, FileFacts } from '../extract/facts.js'
import type { FileOutline } from './outline.js'
import type { Program, Resolution } from './program.js'
import { resolveImport } from './program.js'

export interface Interfaces {
  /** Interfaces (`file#name`) that a class (`file#id`) or a parent of it says it implements. */
  ofClass: Map<string, string[]>
}

export const noInterfaces: Interfaces = { ofClass: new Map() }

/** Classes by the class (`file#id`) that they extend. */
export function findSubclasses(outlines: FileOutline[]): Map<string, { file: string; cls: number }[]> {
  const found = new Map<string, { file: string; cls: number }[]>()
  for (const { file, classes } of outlines) {
    classes.forEach(({ parent }, cls) => {
      if (!parent) return
      const key = `${parent.file}#${parent.cls}`
      const known = found.get(key)
      if (known) known.push({ file, cls })
      else found.set(key, [{ file, cls }])
    })
  }
  return found
}

/** The interfaces of all classes that have some. */
export function findInterfaces(outlines: FileOutline[]): Interfaces {
  const ofClass = new Map<string, string[]>()
  for (const { file, classes } of outlines) {
    classes.forEach(({ interfaces }, cls) => {
      if (interfaces.length > 0) ofClass.set(`${file}#${cls}`, interfaces)
    })
  }
  return { ofClass }
}

/** Classes by the interface (`file#name`) that they implement. */
export function findImplementers({ ofClass }: Interfaces): Map<string, { file: string; cls: number }[]> {
  const found = new Map<string, { file: string; cls: number }[]>()
  for (const [key, interfaces] of ofClass) {
    const at = key.lastIndexOf('#')
    const cls = { file: key.slice(0, at), cls: Number(key.slice(at + 1)) }
    for (const each of interfaces) {
      const known = found.get(each)
      if (known) known.push(cls)
      else found.set(each, [cls])
    }
  }
  return found
}

export function interfaceKey(file: string, name: string): string {
  return `${file}#${name}`
}

const MAX_DEPTH = 5

/** What the `implements` clause of a class means, through interfaces that extend others. */
export function interfacesOf(program: Program, facts: FileFacts, cls: ClassFacts): string[] {
  const found = new Set<string>()
  const add = (home: FileFacts, name: string, depth: number): void => {
    const own = locate(program, home, name)
    if (!own || depth > MAX_DEPTH) return
    found.add(interfaceKey(own.file, own.name))
    const declaring = program.facts(own.file)
    for (const parent of declaring?.interfaces[own.name] ?? []) {
      if (declaring && parent !== name) add(declaring, parent, depth + 1)
    }
  }
  for (const name of cls.implements) add(facts, name, 0)
  return [...found]
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
