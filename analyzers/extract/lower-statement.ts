/** Statements: walks a function body in order and keeps what every local name holds on each way through it. */
import type {
  BindingPattern,
  Declaration,
  ForInStatement,
  ForOfStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from '@oxc-project/types'
import type { Env } from './environment.js'
import { grewFrom, joinEnvs } from './environment.js'
import type { NodeId } from './facts.js'
import { lowerExpression } from './lower-expression.js'
import { declareClass, declareFunction } from './lower-function.js'
import { assignPattern, bindPattern, setName } from './lower-pattern.js'
import type { JumpTarget, Lowering } from './lowering.js'
import { codeOf, declare, endPath, inScope } from './lowering.js'
import { typeNames } from './types-of.js'

/** Declares the names of a block before its statements run, so that functions may use what comes later. */
export function hoist(l: Lowering, statements: readonly (Statement | { type: string })[]): void {
  for (const any of statements) {
    const statement = any as Statement
    const declaration =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? (statement.declaration as Declaration | null)
        : statement
    if (!declaration) continue
    if (declaration.type === 'VariableDeclaration') {
      for (const { id } of declaration.declarations) for (const name of namesOf(id)) declare(l, name)
    } else if (
      (declaration.type === 'FunctionDeclaration' ||
        declaration.type === 'ClassDeclaration' ||
        declaration.type === 'TSEnumDeclaration') &&
      declaration.id
    ) {
      declare(l, declaration.id.name)
    }
  }
  for (const any of statements) {
    const statement = any as Statement
    const declaration =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) declareFunction(l, declaration)
  }
}

/** Names that a pattern binds, in order. In a loop, as patterns can be nested deeper than calls. */
export function namesOf(pattern: BindingPattern): string[] {
  const names: string[] = []
  const pending = [pattern]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.type === 'Identifier') names.push(next.name)
    else if (next.type === 'AssignmentPattern') pending.push(next.left)
    else {
      const parts = next.type === 'ArrayPattern' ? next.elements : next.properties
      for (const part of parts.toReversed()) {
        if (part?.type === 'RestElement') pending.push(part.argument)
        else if (part) pending.push(part.type === 'Property' ? part.value : part)
      }
    }
  }
  return names
}

export function lowerStatements(l: Lowering, statements: readonly Statement[]): void {
  hoist(l, statements)
  for (const statement of statements) lowerStatement(l, statement)
}

function block(l: Lowering, statement: Statement): void {
  inScope(l, () =>
    statement.type === 'BlockStatement' ? lowerStatements(l, statement.body) : lowerStatement(l, statement),
  )
}

/** Runs `body` from `start` and gives what is known after it. */
function branch(l: Lowering, start: Env | null, body: () => void): Env | null {
  l.env = start && new Map(start)
  body()
  return l.env
}

export function lowerStatement(l: Lowering, statement: Statement): void {
  switch (statement.type) {
    case 'ExpressionStatement':
      lowerExpression(l, statement.expression)
      break
    case 'VariableDeclaration':
      lowerVariables(l, statement)
      break
    case 'BlockStatement':
      block(l, statement)
      break
    case 'IfStatement': {
      lowerExpression(l, statement.test)
      const start = l.env
      const yes = branch(l, start, () => block(l, statement.consequent))
      const no = branch(l, start, () => statement.alternate && block(l, statement.alternate))
      l.env = joinEnvs(l, yes, no, codeOf(l, statement.test))
      break
    }
    case 'ReturnStatement': {
      const value = statement.argument ? lowerExpression(l, statement.argument) : null
      if (value !== null && l.fn !== null && l.env) l.functions[l.fn].returns.push(value)
      endPath(l)
      break
    }
    case 'ThrowStatement':
      lowerExpression(l, statement.argument)
      endPath(l)
      break
    case 'SwitchStatement':
      lowerSwitch(l, statement)
      break
    case 'ForStatement':
      inScope(l, () => {
        if (statement.init?.type === 'VariableDeclaration') {
          hoist(l, [statement.init])
          lowerVariables(l, statement.init)
        } else if (statement.init) lowerExpression(l, statement.init)
        // What counts rounds has another value in each of them.
        if (statement.update && statement.init?.type === 'VariableDeclaration') {
          for (const { id } of statement.init.declarations) {
            for (const name of namesOf(id)) setName(l, name, l.add({ kind: 'unknown', code: name }), true)
          }
        }
        if (statement.test) lowerExpression(l, statement.test)
        loop(l, () => {
          block(l, statement.body)
          if (statement.update) lowerExpression(l, statement.update)
        })
      })
      break
    case 'ForOfStatement':
    case 'ForInStatement':
      lowerIteration(l, statement)
      break
    case 'WhileStatement':
      lowerExpression(l, statement.test)
      loop(l, () => block(l, statement.body))
      break
    case 'DoWhileStatement':
      loop(l, () => block(l, statement.body))
      lowerExpression(l, statement.test)
      break
    case 'TryStatement':
      lowerTry(l, statement)
      break
    case 'LabeledStatement':
      jumpable(l, { label: statement.label.name, isLoop: false }, () => lowerStatement(l, statement.body))
      break
    case 'BreakStatement':
    case 'ContinueStatement': {
      const label = statement.label?.name ?? null
      const isBreak = statement.type === 'BreakStatement'
      const target = l.jumps.findLast(jump =>
        label === null ? (isBreak ? jump.label === null : jump.isLoop) : jump.label === label,
      )
      if (target) (isBreak ? target.breaks : target.continues).push(l.env)
      endPath(l)
      break
    }
    case 'FunctionDeclaration':
      break // declared by hoist
    case 'ClassDeclaration':
      declareClass(l, statement)
      break
    case 'TSEnumDeclaration': {
      const entries = statement.body.members.map((member): [string, NodeId] => {
        const key =
          member.id.type === 'Identifier'
            ? member.id.name
            : 'value' in member.id
              ? String(member.id.value)
              : ''
        return [
          key,
          member.initializer ? lowerExpression(l, member.initializer) : l.add({ kind: 'unknown', code: key }),
        ]
      })
      setName(l, statement.id.name, l.add({ kind: 'object', entries, at: statement.start }), true)
      break
    }
    case 'TSInterfaceDeclaration':
      l.interfaces[statement.id.name] = (statement.extends ?? []).flatMap(parent =>
        parent.expression.type === 'Identifier' ? [parent.expression.name] : [],
      )
      break
    case 'TSTypeAliasDeclaration':
      l.interfaces[statement.id.name] = typeNames(statement.typeAnnotation)
      break
    case 'TSModuleDeclaration':
      if (statement.body?.type === 'TSModuleBlock') lowerStatements(l, statement.body.body as Statement[])
      break
  }
}

function lowerVariables(l: Lowering, declaration: VariableDeclaration): void {
  for (const { id, init } of declaration.declarations) {
    const types = id.type === 'Identifier' ? typeNames(id.typeAnnotation) : []
    const value = init ? lowerExpression(l, init, id.type === 'Identifier' ? id.name : undefined) : null
    bindPattern(l, id, value, types)
  }
}

function lowerSwitch(l: Lowering, statement: SwitchStatement): void {
  lowerExpression(l, statement.discriminant)
  jumpable(l, { label: null, isLoop: false }, () =>
    inScope(l, () => {
      hoist(
        l,
        statement.cases.flatMap(each => each.consequent),
      )
      const start = l.env
      let fallen: Env | null = null
      for (const each of statement.cases) {
        if (each.test) lowerExpression(l, each.test)
        l.env = joinEnvs(l, start && new Map(start), fallen)
        for (const inner of each.consequent) lowerStatement(l, inner)
        fallen = l.env
      }
      const hasDefault = statement.cases.some(each => each.test === null)
      l.env = hasDefault ? fallen : joinEnvs(l, start, fallen)
    }),
  )
}

function lowerIteration(l: Lowering, statement: ForOfStatement | ForInStatement): void {
  const subject = lowerExpression(l, statement.right)
  const element: NodeId =
    statement.type === 'ForOfStatement'
      ? l.add({ kind: 'element', of: subject })
      : l.add({ kind: 'element', of: keysOf(l, subject, statement.start) })
  inScope(l, () =>
    loop(l, () => {
      if (statement.left.type === 'VariableDeclaration') {
        hoist(l, [statement.left])
        bindPattern(l, statement.left.declarations[0].id, element, [])
      } else assignPattern(l, statement.left, element)
      block(l, statement.body)
    }),
  )
}

/** `for (const key in object)` runs over `Object.keys(object)`. */
function keysOf(l: Lowering, object: NodeId, at: number): NodeId {
  const callee = l.add({ kind: 'member', of: l.add({ kind: 'global', name: 'Object' }), name: 'keys' })
  return l.add({ kind: 'call', callee, args: [object], at, types: [] })
}

/** A body that runs any number of times: none and once show every text that it can build. */
function loop(l: Lowering, body: () => void): void {
  const before = l.env && new Map(l.env)
  const marks = { calls: l.calls.length, functions: l.functions.length, classes: l.classes.length }
  round(l, body)
  // A name that a round gives another value has it at the start of the next one: read the body once more with both.
  if (l.loops >= MAX_REREAD_DEPTH || !before || !l.env || !reassigns(l, before, l.env)) return
  l.calls.length = marks.calls
  l.functions.length = marks.functions
  l.classes.length = marks.classes
  l.loops++
  round(l, body)
  l.loops--
}

/** Reading twice in loops within loops within loops would cost more than it tells. */
const MAX_REREAD_DEPTH = 1

/** Whether some name holds a value that did not grow from the one before. */
function reassigns(l: Lowering, before: Env, after: Env): boolean {
  for (const [binding, value] of after) {
    const held = before.get(binding)
    if (held !== undefined && held !== value && !grewFrom(l, value, held)) return true
  }
  return false
}

function round(l: Lowering, body: () => void): void {
  const start = l.env
  const target: JumpTarget = { label: null, breaks: [], continues: [], isLoop: true }
  l.jumps.push(target)
  let end = branch(l, start, body)
  l.jumps.pop()
  for (const env of [...target.continues, ...target.breaks]) end = joinEnvs(l, end, env)
  l.env = joinEnvs(l, start, end)
}

function jumpable(l: Lowering, kind: { label: string | null; isLoop: boolean }, body: () => void): void {
  const target: JumpTarget = { ...kind, breaks: [], continues: [] }
  l.jumps.push(target)
  body()
  l.jumps.pop()
  for (const env of [...target.breaks, ...target.continues]) l.env = joinEnvs(l, l.env, env)
}

function lowerTry(l: Lowering, statement: TryStatement): void {
  const start = l.env
  let end = branch(l, start, () => block(l, statement.block))
  if (statement.handler) {
    const { handler } = statement
    const caught = branch(l, joinEnvs(l, start, end), () =>
      inScope(l, () => {
        if (handler.param) {
          hoistPattern(l, handler.param)
          bindPattern(l, handler.param, null, [])
        }
        lowerStatements(l, handler.body.body)
      }),
    )
    end = joinEnvs(l, end, caught)
  }
  l.env = end
  if (statement.finalizer) {
    const reachable = end !== null
    l.env = end ?? (start && new Map(start))
    block(l, statement.finalizer)
    if (!reachable) l.env = null
  }
}

function hoistPattern(l: Lowering, pattern: BindingPattern): void {
  for (const name of namesOf(pattern)) declare(l, name)
}
