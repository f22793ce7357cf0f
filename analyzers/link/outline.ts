/** What is asked of every file that is read: its classes with what they extend and implement, its statements, what is wrong. */
import type { FileFacts } from '../extract/facts.js'
import type { Diagnostic } from '../model.js'
import { evaluateTarget } from './evaluator/evaluate.js'
import type { Evaluator } from './evaluator/state.js'
import { interfacesOf } from './interfaces.js'
import type { SharedAt } from './program.js'
import { type WholeStatement, wholeStatements } from './whole-statements.js'

export interface FileOutline {
  file: string
  classes: ClassOutline[]
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
