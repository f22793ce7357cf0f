/** What else is done with a connection: settings of its session, a transaction that is begun on it. */
import type { Repository } from '../repository/index.js'
import { type Binding, isFunction } from '../site/bindings.js'
import type { Node } from '../site/parse.js'
import { codeOf, type SourceFile } from '../site/source-file.js'
import { type Bond, bond } from './bond.js'
import { functionsRun, linkedCall } from './functions.js'
import { identifierOf } from './parameters.js'
import { beginsTransaction, endsTransaction, setsSession } from './session-texts.js'

const MAX_HOPS = 4

export type UsesOf = (file: SourceFile, binding: Binding) => Bond[]

/** Looks through functions that get the connection, too. */
export function useSearch(repository: Repository): UsesOf {
  const used = new Map<Binding, Bond[]>()
  return (file, binding) => usesOf(file, binding, 0)

  function usesOf(file: SourceFile, binding: Binding, hops: number): Bond[] {
    const before = used.get(binding)
    if (before) return before
    // A function that hands it to itself adds nothing.
    used.set(binding, [])
    const bonds: Bond[] = []
    let begins: Node | null = null
    let ends = false
    /** Where it is first given to an object, which keeps it. */
    let kept: Node | null = null
    for (const { node, around } of binding.references) {
      const [call, parent] = [around.at(-2), around.at(-1)!]
      if (parent.type === 'MemberExpression' && parent.object === node && call?.callee === parent) {
        const code = codeWithoutFunctions(file, call)
        if (setsSession(code)) bonds.push(bond('settings', file, call))
        if (beginsTransaction(code)) begins ??= call
        ends ||= endsTransaction(code)
      } else if (parent.type === 'NewExpression' && parent.arguments.includes(node)) {
        kept ??= parent
      } else if (parent.type === 'CallExpression' && parent.arguments.includes(node) && hops < MAX_HOPS) {
        const linked = linkedCall(file, parent, repository)
        for (const found of linked ? functionsRun(linked, repository) : []) {
          const param = found?.fn.params[parent.arguments.indexOf(node)]
          const inner = param && identifierOf(param) && found.file.bindings.of(identifierOf(param)!)
          if (inner) bonds.push(...usesOf(found.file, inner, hops + 1))
        }
      }
    }
    // What a function begins and ends is over when it returns; where it begins it itself, the linker knows. Of an object
    // that has it since before, only this tells that others run its methods meanwhile.
    const isOpenAfter = hops > 0 && !ends
    const isKept = kept !== null && begins !== null && kept.start < begins.start
    if (begins && (isOpenAfter || isKept)) bonds.push(bond('transaction', file, begins))
    used.set(binding, bonds)
    return bonds
  }
}

/** What a function does that is handed over, it does with what it gets: `db.tx(tx => tx.none('SET LOCAL …'))`. */
function codeWithoutFunctions(file: SourceFile, call: Node): string {
  const given: Node[] = (call.arguments ?? []).filter(isFunction)
  return given.reduceRight(
    (code, { start, end }) => {
      return code.slice(0, start - call.start) + code.slice(end - call.start)
    },
    codeOf(file, call),
  )
}
