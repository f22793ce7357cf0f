/** What is asked of every file that is read: its classes with what they extend and implement, its statements, what is wrong. */
import type { FileFacts } from '../extract/facts.js'
import { untyped } from '../extract/untyped.js'
import type { Diagnostic } from '../model.js'
import { evaluateTarget } from './evaluator/evaluate.js'
import type { Evaluator } from './evaluator/state.js'
import { interfacesOf } from './interfaces.js'
import type { SharedAt } from './program.js'
import { type WholeStatement, wholeStatements } from './whole-statements.js'

export interface FileOutline {
  file: string
  classes: ClassOutline[]
  /** What it exports under another name than it has, each with the name that it has. */
  renamed: [as: string, name: string][]
  statements: WholeStatement[]
  /** What it shares by a web framework's application or request. */
  shared: SharedAt[]
  diagnostics: Diagnostic[]
}

export interface ClassOutline {
  name: string
  methods: string[]
  /** The class of the repository that it extends. */
  parent: { file: string; cls: number } | null
  /** The interfaces (`file#name`) that it says it implements. */
  interfaces: string[]
}

export function outlineOf(e: Evaluator, facts: FileFacts): FileOutline {
  return {
    file: facts.file,
    classes: facts.classes.map(each => {
      const parent = each.extends === null ? null : evaluateTarget(e, facts.file, each.extends)
      return {
        name: each.name,
        methods: Object.keys(each.methods),
        parent: parent?.kind === 'class' ? { file: parent.file, cls: parent.cls } : null,
        interfaces: interfacesOf(e.program, facts, each),
      }
    }),
    renamed: renamedIn(facts),
    statements: wholeStatements(facts),
    shared: [
      ...facts.shared.map(([name, node]) => ({ name, file: facts.file, node, types: [] })),
      ...Object.entries(facts.sharedTypes).map(([name, types]) => ({
        name,
        file: facts.file,
        node: null,
        types,
      })),
    ],
    diagnostics: facts.diagnostics,
  }
}

/** `const removed = changed; export { removed }`, `export { changed as removed } from './change'` */
function renamedIn(facts: FileFacts): [as: string, name: string][] {
  const exported = Object.entries(facts.exports).flatMap(([as, id]): [string, string][] => {
    let node = untyped(facts, id)
    if (node.kind === 'variable' && Object.hasOwn(facts.variables, node.name))
      node = untyped(facts, facts.variables[node.name])
    if (node.kind === 'import') return [[as, facts.imports[node.name]?.name ?? node.name]]
    return node.kind === 'function' ? [[as, facts.functions[node.fn].name]] : []
  })
  const passedOn = facts.reexports.map(({ as, name }): [string, string] => [as, name])
  return [...exported, ...passedOn].filter(
    ([as, name]) => as !== name && ![as, name].some(each => /^(?:|\*|default)$/.test(each)),
  )
}
