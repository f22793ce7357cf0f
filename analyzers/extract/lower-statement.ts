/** Statements: walks a function body in order and keeps what every local name holds on each way through it. */
import type {
  BindingPattern,
  Declaration,
  Expression,
  ForInStatement,
  ForOfStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from '@oxc-project/types'
import { narrow, narrowByCall, narrowToCases, ofObject } from './allow-lists.js'
import { noteClosure } from './closures.js'
import { conditionOf, conditionsOfCases, unmet } from './conditions.js'
import type { Env } from './env.js'
import { joinAll, joinEnvs, joinValues } from './environment.js'
import { expectFunction } from './expected-types.js'
import type { Condition, NodeId } from './facts.js'
import { lowerLoop } from './loops.js'
import { lowerExpression } from './lower-expression.js'
import { declareClass, declareFunction } from './lower-function.js'
import { assignPattern, bindPattern, setName } from './lower-pattern.js'
import type { Given, JumpTarget, Lowering } from './lowering.js'
import { codeOf, declare, endPath, functionScopeOf, inScope } from './lowering.js'
import { noteSharedTypes } from './shared.js'
import { fieldTypesIn, fieldTypesOf, typeNames } from './types-of.js'

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
      const scope = declaration.kind === 'var' ? functionScopeOf(l) : l.scope
      for (const { id } of declaration.declarations) for (const name of namesOf(id)) declare(l, name, scope)
    } else if (
      (declaration.type === 'FunctionDeclaration' ||
        declaration.type === 'ClassDeclaration' ||
        declaration.type === 'TSEnumDeclaration' ||
        declaration.type === 'TSModuleDeclaration') &&
      declaration.id &&
      'name' in declaration.id
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
  const { dead, conditions } = l
  for (const statement of statements) {
    if (!l.env) {
      // Nothing leads here, but it is told like the rest.
      l.dead = true
      l.env = l.lastEnv.copy()
    }
    const before = l.conditions
    lowerStatement(l, statement)
    // By which way a loop or a `try` is left is not known behind it.
    if (statement.type !== 'IfStatement' && statement.type !== 'SwitchStatement') l.conditions = before
  }
  l.conditions = conditions
  if (l.dead && !dead) endPath(l)
  l.dead = dead
}

function block(l: Lowering, statement: Statement): void {
  inScope(l, () =>
    statement.type === 'BlockStatement' ? lowerStatements(l, statement.body) : lowerStatement(l, statement),
  )
}

/** Runs `body` from `start` and gives what is known after it. */
function branch(l: Lowering, start: Env | null, body: () => void): Env | null {
  l.env = start?.copy() ?? null
  body()
  return l.env
}

/** Conditions on which a point is come to are kept up to this number: each return has those of all before it. */
const MAX_CONDITIONS = 50

function also(conditions: Condition[], condition: Condition | null): Condition[] {
  return condition && conditions.length < MAX_CONDITIONS ? [...conditions, condition] : conditions
}

/** Reads what runs on a condition. */
function on(l: Lowering, condition: Condition | null, body: () => void): void {
  const { conditions } = l
  l.conditions = also(conditions, condition)
  body()
  l.conditions = conditions
}

function addReturn(l: Lowering, value: NodeId): void {
  if (l.fn === null || !l.env || l.dead) return
  const fn = l.functions[l.fn]
  fn.returns.push(value)
  if (l.conditions.length > 0) fn.returnsWhen ??= fn.returns.slice(1).map(() => [])
  fn.returnsWhen?.push(l.conditions)
}

export function lowerStatement(l: Lowering, statement: Statement): void {
  switch (statement.type) {
    case 'ExpressionStatement':
      lowerExpression(l, statement.expression)
      narrowByCall(l, statement.expression)
      break
    case 'VariableDeclaration':
      lowerVariables(l, statement)
      break
    case 'BlockStatement':
      block(l, statement)
      break
    case 'IfStatement': {
      lowerExpression(l, statement.test)
      const condition = conditionOf(l, statement.test)
      const otherwise = condition && unmet(condition)
      const start = l.env
      const { conditions } = l
      const yes = branch(l, start, () => {
        narrow(l, statement.test, true)
        on(l, condition, () => block(l, statement.consequent))
      })
      const no = branch(l, start, () => {
        narrow(l, statement.test, false)
        on(l, otherwise, () => statement.alternate && block(l, statement.alternate))
      })
      l.env = joinEnvs(l, yes, no, { code: codeOf(l, statement.test), when: condition })
      // Behind a branch that ends the function the other one goes on.
      const goesOn = yes && no ? null : yes ? condition : otherwise
      l.conditions = also(conditions, goesOn)
      break
    }
    case 'ReturnStatement': {
      expectFunction(l.expected, statement.argument, l.returnType)
      const value = statement.argument ? lowerExpression(l, statement.argument) : null
      if (value !== null) addReturn(l, value)
      if (!l.dead) l.returned.push(l.env)
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
        const { test, update } = statement
        lowerLoop(l, statement, {
          body: () => block(l, statement.body),
          test: () => test && lowerExpression(l, test),
          update: () => update && lowerExpression(l, update),
          testsFirst: true,
          endless: !test || isTrue(test),
        })
      })
      break
    case 'ForOfStatement':
    case 'ForInStatement':
      lowerIteration(l, statement)
      break
    case 'WhileStatement':
    case 'DoWhileStatement':
      lowerLoop(l, statement, {
        body: () => block(l, statement.body),
        test: () => lowerExpression(l, statement.test),
        testsFirst: statement.type === 'WhileStatement',
        endless: isTrue(statement.test),
      })
      break
    case 'TryStatement':
      lowerTry(l, statement)
      break
    case 'LabeledStatement':
      jumpable(l, { label: statement.label.name, labels: statement.body, isLoop: false }, () =>
        lowerStatement(l, statement.body),
      )
      break
    case 'BreakStatement':
    case 'ContinueStatement': {
      const label = statement.label?.name ?? null
      const isBreak = statement.type === 'BreakStatement'
      const target = l.jumps.findLast(jump =>
        label === null ? (isBreak ? jump.label === null : jump.isLoop) : jump.label === label,
      )
      if (target && !l.dead) (isBreak ? target.breaks : target.continues).push(l.env)
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
      addFieldTypes(l, statement.id.name, fieldTypesOf(statement.body.body))
      break
    case 'TSTypeAliasDeclaration':
      l.interfaces[statement.id.name] = typeNames(statement.typeAnnotation)
      addFieldTypes(l, statement.id.name, fieldTypesIn(statement.typeAnnotation))
      break
    case 'TSModuleDeclaration':
      if (statement.body?.type === 'TSModuleBlock') {
        if (!('name' in statement.id) || statement.id.name === 'Express')
          noteSharedTypes(l, statement.body.body as Statement[])
        lowerNamespace(l, statement.id, statement.body.body as Statement[])
      }
      break
  }
}

/** An interface may be declared in several pieces. */
function addFieldTypes(l: Lowering, name: string, fields: Record<string, string[]>): void {
  if (Object.keys(fields).length > 0) l.fieldTypes[name] = { ...l.fieldTypes[name], ...fields }
}

/** A namespace is read as an object that holds what it exports. */
function lowerNamespace(l: Lowering, id: { type: string; name?: string }, body: readonly Statement[]): void {
  const entries: [string, NodeId][] = []
  const start = body[0]?.start ?? 0
  inScope(l, () => {
    const declared = body.map(each =>
      each.type === 'ExportNamedDeclaration' && each.declaration ? (each.declaration as Statement) : each,
    )
    lowerStatements(l, declared)
    for (const [name, binding] of l.scope.names) {
      const value = l.env?.get(binding)
      if (value !== undefined) entries.push([name, value])
    }
  })
  if (id.type === 'Identifier' && id.name !== undefined)
    setName(l, id.name, l.add({ kind: 'object', entries, at: start }), true)
}

function lowerVariables(l: Lowering, declaration: VariableDeclaration): void {
  for (const { id, init } of declaration.declarations) {
    const types = id.type === 'Identifier' ? typeNames(id.typeAnnotation) : []
    expectFunction(l.expected, init, id.typeAnnotation)
    const value = init ? lowerExpression(l, init, id.type === 'Identifier' ? id.name : undefined) : null
    if (
      id.type === 'Identifier' &&
      (init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression')
    )
      noteClosure(l, id.name, init)
    bindPattern(l, id, value, types)
  }
}

/** Cases that share their statements, as `case 'a': case 'b': …` do. */
interface CaseGroup {
  /** Null for `default`. */
  tests: (Expression | null)[]
  body: Statement[]
}

function groupsOf({ cases }: SwitchStatement): CaseGroup[] {
  const groups: CaseGroup[] = []
  let tests: (Expression | null)[] = []
  for (const { test, consequent } of cases) {
    tests.push(test)
    if (consequent.length === 0) continue
    groups.push({ tests, body: consequent })
    tests = []
  }
  return tests.length > 0 ? [...groups, { tests, body: [] }] : groups
}

/** Where there are more groups, it is not told which of them an argument chooses. */
const MAX_GROUPS = 30

function lowerSwitch(l: Lowering, statement: SwitchStatement): void {
  lowerExpression(l, statement.discriminant)
  const groups = groupsOf(statement)
  const conditions =
    groups.length > MAX_GROUPS ? groups.map(() => null) : conditionsOfCases(l, statement.discriminant, groups)
  const hasDefault = statement.cases.some(each => each.test === null)
  /** Ends of groups that are entered on a condition and left by `break`, with what is known there. */
  const ends: { condition: Condition; env: Env | null }[] = []
  jumpable(l, { label: null, isLoop: false }, () =>
    inScope(l, () => {
      hoist(
        l,
        statement.cases.flatMap(each => each.consequent),
      )
      const { breaks } = l.jumps.at(-1)!
      const start = l.env
      let fallen: Env | null = null
      for (const [at, { tests, body }] of groups.entries()) {
        for (const test of tests) if (test) lowerExpression(l, test)
        const condition = fallen === null ? conditions[at] : null
        const before = breaks.length
        l.env = joinEnvs(l, start?.copy() ?? null, fallen)
        if (fallen === null && groups.length <= MAX_GROUPS) narrowToCases(l, statement.discriminant, tests)
        on(l, condition, () => {
          for (const inner of body) lowerStatement(l, inner)
        })
        fallen = l.env
        if (condition && fallen === null && !tests.includes(null))
          ends.push({ condition, env: joinAll(l, breaks.splice(before)) })
      }
      l.env = hasDefault ? fallen : joinEnvs(l, start, fallen)
    }),
  )
  const code = codeOf(l, statement.discriminant)
  for (const { condition, env } of ends.reverse()) {
    // Where all of its ways end the function, what comes behind is for the other cases.
    if (env === null) l.conditions = also(l.conditions, unmet(condition))
    l.env = joinEnvs(l, env, l.env, { code: `${code}: ${JSON.stringify(condition)}`, when: condition })
  }
}

function lowerIteration(l: Lowering, statement: ForOfStatement | ForInStatement): void {
  const subject = lowerExpression(l, statement.right)
  const element: NodeId =
    statement.type === 'ForOfStatement'
      ? l.add({ kind: 'element', of: subject })
      : // `for (const key in object)` runs over `Object.keys(object)`.
        l.add({ kind: 'element', of: ofObject(l, 'keys', subject, statement.start) })
  inScope(l, () =>
    lowerLoop(l, statement, {
      body() {
        if (statement.left.type === 'VariableDeclaration') {
          hoist(l, [statement.left])
          bindPattern(l, statement.left.declarations[0].id, element, [])
        } else assignPattern(l, statement.left, element)
        block(l, statement.body)
      },
      testsFirst: true,
      endless: false,
    }),
  )
}

/** `while (true)`, `while (1)`. */
function isTrue(test: Expression): boolean {
  return test.type === 'Literal' && (test.value === true || test.value === 1)
}

function jumpable(
  l: Lowering,
  kind: Pick<JumpTarget, 'label' | 'labels' | 'isLoop'>,
  body: () => void,
): void {
  const target: JumpTarget = { ...kind, breaks: [], continues: [] }
  l.jumps.push(target)
  body()
  l.jumps.pop()
  l.env = joinAll(l, [l.env, ...target.breaks, ...target.continues])
}

/**
 * Any statement of the block may throw, so what follows sees every value that a name was given in it. Behind the
 * whole, only what holds at the ends counts, unless `finally` changes it.
 */
function lowerTry(l: Lowering, statement: TryStatement): void {
  const start = l.env?.copy() ?? null
  const [tried, end] = recorded(l, () => branch(l, start, () => block(l, statement.block)))
  let after = end
  const given = [tried]
  if (statement.handler) {
    const { handler } = statement
    l.catches.push([handler.start, handler.end])
    const [alsoGiven, caught] = recorded(l, () =>
      branch(l, withGiven(l, start, given), () =>
        inScope(l, () => {
          if (handler.param) {
            hoistPattern(l, handler.param)
            bindPattern(l, handler.param, null, [])
          }
          lowerStatements(l, handler.body.body)
        }),
      ),
    )
    given.push(alsoGiven)
    after = joinEnvs(l, after, caught)
  }
  l.env = after
  if (!statement.finalizer) return
  const before = withGiven(l, start, given)
  l.env = before?.copy() ?? null
  block(l, statement.finalizer)
  if (after && l.env && before) {
    for (const [binding, value] of l.env.changesFrom(before)) after.set(binding, value)
  } else if (!l.env) after = null
  l.env = after
}

/** Runs a step, and gives the values that names got in it. */
function recorded(l: Lowering, step: () => Env | null): [Given[], Env | null] {
  const outer = l.given
  l.given = []
  const end = step()
  const own = l.given
  outer?.push(...own)
  l.given = outer
  return [own, end]
}

/** An environment in which names may hold any value that they were given since. */
function withGiven(l: Lowering, start: Env | null, given: Given[][]): Env | null {
  if (!start) return null
  const env = start.copy()
  for (const [binding, value] of given.flat()) {
    const held = env.get(binding)
    if (held !== undefined && held !== value) env.set(binding, joinValues(l, held, value))
  }
  return env
}

function hoistPattern(l: Lowering, pattern: BindingPattern): void {
  for (const name of namesOf(pattern)) declare(l, name)
}
