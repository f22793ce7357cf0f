import fc from '../support/fast-check.js'

/*
 * Random programs that put SQL text together, for comparing what the analysis says with what running them does. Every
 * fragment is ` JOIN tN ON true`, so each text that a program can make is a statement whose tables can be read off.
 */
export type Expression =
  | { kind: 'fragment'; table: number }
  | { kind: 'name'; pick: number }
  | { kind: 'plus' | 'template'; left: Expression; right: Expression }
  | { kind: 'ternary'; yes: Expression; no: Expression }
  | { kind: 'join'; pick: number }
  | { kind: 'lines'; items: Expression[] }
  | { kind: 'helper'; pick: number; argument: Expression }
  | { kind: 'nothing' }

export type Statement =
  | { kind: 'declare'; constant: boolean; value: Expression }
  | { kind: 'declareList'; items: Expression[] }
  | { kind: 'grow' | 'assign' | 'push'; pick: number; value: Expression }
  | { kind: 'if'; yes: Statement[]; no: Statement[] | null }
  | { kind: 'switch'; cases: { body: Statement[]; falls: boolean }[]; hasDefault: boolean }
  | { kind: 'loop'; form: 'of' | 'index' | 'while' | 'callback'; body: Statement[] }
  | { kind: 'try'; body: Statement[]; handler: Statement[] }
  | { kind: 'leave'; how: 'return' | 'break' | 'continue' }
  | { kind: 'block'; body: Statement[] }
  | { kind: 'query'; value: Expression }

export interface RandomProgram {
  helpers: { body: Statement[]; result: Expression }[]
  body: Statement[]
}

/** @param straight without loops, callbacks and exceptions: what is left has a limited number of ways */
export function programs(straight: boolean): fc.Arbitrary<RandomProgram> {
  const { statement, expression } = fc.letrec<{ statement: Statement; expression: Expression }>(tie => {
    const inner = tie('expression')
    const pick = fc.nat(20)
    const body = fc.array(tie('statement'), { maxLength: 4 })
    const fragment: fc.Arbitrary<Expression> = fc.record({
      kind: fc.constant('fragment' as const),
      table: fc.nat(40),
    })
    const expressions: fc.Arbitrary<Expression>[] = [
      fragment,
      fc.record({ kind: fc.constant('name' as const), pick }),
      fc.record({ kind: fc.constantFrom('plus' as const, 'template' as const), left: inner, right: inner }),
      fc.record({ kind: fc.constant('ternary' as const), yes: inner, no: inner }),
      fc.record({ kind: fc.constant('join' as const), pick }),
      fc.record({ kind: fc.constant('lines' as const), items: fc.array(inner, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('helper' as const), pick, argument: inner }),
      fc.constant({ kind: 'nothing' as const }),
    ]
    const statements: fc.Arbitrary<Statement>[] = [
      fc.record({ kind: fc.constant('declare' as const), constant: fc.boolean(), value: inner }),
      fc.record({ kind: fc.constant('declareList' as const), items: fc.array(inner, { maxLength: 2 }) }),
      fc.record({
        kind: fc.constantFrom('grow' as const, 'grow' as const, 'assign' as const, 'push' as const),
        pick,
        value: inner,
      }),
      fc.record({ kind: fc.constant('query' as const), value: inner }),
      fc.record({ kind: fc.constant('if' as const), yes: body, no: fc.option(body, { nil: null }) }),
      fc.record({
        kind: fc.constant('switch' as const),
        cases: fc.array(fc.record({ body, falls: fc.boolean() }), { minLength: 1, maxLength: 3 }),
        hasDefault: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('block' as const), body }),
      fc.record({
        kind: fc.constant('leave' as const),
        how: fc.constantFrom('return' as const, 'break' as const, 'continue' as const),
      }),
    ]
    if (!straight) {
      statements.push(
        fc.record({
          kind: fc.constant('loop' as const),
          form: fc.constantFrom('of' as const, 'index' as const, 'while' as const, 'callback' as const),
          body,
        }),
        fc.record({ kind: fc.constant('try' as const), body, handler: body }),
      )
    }
    return {
      expression: fc.oneof({ maxDepth: 3, depthIdentifier: 'expression' }, ...expressions),
      statement: fc.oneof({ maxDepth: 4, depthIdentifier: 'statement' }, ...statements),
    }
  })
  return fc.record({
    helpers: fc.array(fc.record({ body: fc.array(statement, { maxLength: 3 }), result: expression }), {
      maxLength: 2,
    }),
    body: fc.array(statement, { minLength: 2, maxLength: 8 }),
  })
}

interface Scope {
  texts: { name: string; constant: boolean }[]
  lists: string[]
  /** Inside of what: decides where `break`, `continue` may stand. */
  within: ('loop' | 'switch')[]
  result: string
}

/**
 * The program as JavaScript that is TypeScript as well: a function `run(req)` that calls `pool.query(text, site)`. Each
 * decision asks `req.flag` or `req.choice` with a number of its own, so none depends on another.
 */
export function printProgram(program: RandomProgram): string {
  let names = 0
  let sites = 0
  let flags = 0
  let choices = 0
  const lines: string[] = []

  const expression = (e: Expression, scope: Scope, helpers: number): string => {
    switch (e.kind) {
      case 'fragment':
        return `' JOIN t${e.table} ON true'`
      case 'nothing':
        return `''`
      case 'name':
        return scope.texts.length === 0 ? `''` : scope.texts[e.pick % scope.texts.length]!.name
      case 'plus':
        return `(${expression(e.left, scope, helpers)} + ${expression(e.right, scope, helpers)})`
      case 'template':
        return `\`\${${expression(e.left, scope, helpers)}}\${${expression(e.right, scope, helpers)}}\``
      case 'ternary':
        return `(req.flag(${flags++}) ? ${expression(e.yes, scope, helpers)} : ${expression(e.no, scope, helpers)})`
      case 'join':
        return scope.lists.length === 0 ? `''` : `${scope.lists[e.pick % scope.lists.length]}.join(' ')`
      case 'lines':
        return `[${e.items.map(item => expression(item, scope, helpers)).join(', ')}].join('')`
      case 'helper':
        return helpers === 0
          ? expression(e.argument, scope, helpers)
          : `helper${e.pick % helpers}(${expression(e.argument, scope, helpers)}, req)`
    }
  }

  const block = (body: Statement[], scope: Scope, indent: string, helpers: number): void => {
    const inner: Scope = { ...scope, texts: [...scope.texts], lists: [...scope.lists] }
    for (const each of body) statement(each, inner, indent, helpers)
  }

  const statement = (s: Statement, scope: Scope, indent: string, helpers: number): void => {
    const put = (line: string): void => void lines.push(indent + line)
    const deeper = `${indent}  `
    switch (s.kind) {
      case 'declare': {
        const value = expression(s.value, scope, helpers)
        const name = `v${names++}`
        put(`${s.constant ? 'const' : 'let'} ${name} = ${value}`)
        scope.texts.push({ name, constant: s.constant })
        return
      }
      case 'declareList': {
        const items = s.items.map(item => expression(item, scope, helpers))
        const name = `list${names++}`
        put(`const ${name} = [${items.join(', ')}]`)
        scope.lists.push(name)
        return
      }
      case 'grow':
      case 'assign': {
        const open = scope.texts.filter(text => !text.constant)
        if (open.length === 0) return
        put(
          `${open[s.pick % open.length]!.name} ${s.kind === 'grow' ? '+=' : '='} ${expression(s.value, scope, helpers)}`,
        )
        return
      }
      case 'push':
        if (scope.lists.length > 0)
          put(`${scope.lists[s.pick % scope.lists.length]}.push(${expression(s.value, scope, helpers)})`)
        return
      case 'if':
        put(`if (req.flag(${flags++})) {`)
        block(s.yes, scope, deeper, helpers)
        if (s.no) {
          put('} else {')
          block(s.no, scope, deeper, helpers)
        }
        put('}')
        return
      case 'switch': {
        put(`switch (req.choice(${choices++})) {`)
        const inside: Scope = { ...scope, within: [...scope.within, 'switch'] }
        s.cases.forEach(({ body, falls }, index) => {
          put(s.hasDefault && index === s.cases.length - 1 ? '  default: {' : `  case ${index}: {`)
          block(body, inside, `${deeper}  `, helpers)
          put('  }')
          if (!falls) put('  break')
        })
        put('}')
        return
      }
      case 'loop': {
        const item = `item${names++}`
        const inside: Scope = { ...scope, within: s.form === 'callback' ? [] : [...scope.within, 'loop'] }
        if (s.form === 'of') put(`for (const ${item} of req.items()) {`)
        else if (s.form === 'index') put(`for (let ${item} = 0; ${item} < req.items().length; ${item}++) {`)
        else if (s.form === 'while') put('while (req.again()) {')
        else put(`req.items().forEach(${item} => {`)
        block(s.body, s.form === 'callback' ? { ...inside, result: '' } : inside, deeper, helpers)
        put(s.form === 'callback' ? '})' : '}')
        return
      }
      case 'try':
        put('try {')
        block(s.body, scope, deeper, helpers)
        put(`  if (req.flag(${flags++})) throw new Error()`)
        put('} catch {')
        block(s.handler, scope, deeper, helpers)
        put('}')
        return
      case 'leave': {
        const { within } = scope
        if (s.how === 'return') put(`if (req.flag(${flags++})) return ${scope.result}`)
        else if (s.how === 'break' ? within.length > 0 : within.includes('loop'))
          put(`if (req.flag(${flags++})) ${s.how}`)
        return
      }
      case 'block':
        put('{')
        block(s.body, scope, deeper, helpers)
        put('}')
        return
      case 'query':
        put(`pool.query('SELECT * FROM base' + ${expression(s.value, scope, helpers)}, ${sites++})`)
    }
  }

  program.helpers.forEach(({ body, result }, index) => {
    lines.push(`function helper${index}(given, req) {`)
    const scope: Scope = {
      texts: [{ name: 'given', constant: false }],
      lists: [],
      within: [],
      result: 'given',
    }
    // A helper may call those above it only, so every run ends.
    for (const each of body) statement(each, scope, '  ', index)
    lines.push(`  return ${expression(result, scope, index)}`, '}')
  })
  lines.push('function run(req) {')
  // Each helper is called, so that no call in one is dead.
  program.helpers.forEach((_helper, index) => {
    lines.push(`  helper${index}('', req)`)
  })
  const scope: Scope = { texts: [], lists: [], within: [], result: '' }
  for (const each of program.body) statement(each, scope, '  ', program.helpers.length)
  lines.push('}')
  return `${lines.join('\n')}\n`
}

/** Answers that a run gets from the world outside. */
export interface World {
  flag: (index: number) => boolean
  choice: (index: number) => number
  items: () => number[]
  again: () => boolean
}

/** A printed program made ready to run: gives the texts that each of its sites executes. */
export function compileProgram(code: string): (world: World) => Map<number, string[]> {
  const run = new Function('pool', 'req', `${code}; run(req)`)
  return world => {
    const executed = new Map<number, string[]>()
    const pool = {
      query: (text: string, site: number) => void executed.set(site, [...(executed.get(site) ?? []), text]),
    }
    run(pool, world)
    return executed
  }
}

/**
 * The texts that sites execute on any way through a program without loops: a decision that is met twice need not fall
 * alike. Null if there are more ways than `most`.
 */
export function everyWay(
  run: ReturnType<typeof compileProgram>,
  most: number,
): Map<number, Set<string>> | null {
  const reached = new Map<number, Set<string>>()
  const taken: { index: number; of: number }[] = []
  for (let ways = 0; ways < most; ways++) {
    let at = 0
    const decide = (of: number): number => {
      if (at === taken.length) taken.push({ index: 0, of })
      return taken[at++]!.index
    }
    const world = {
      flag: () => decide(2) === 1,
      choice: () => decide(4),
      items: () => [],
      again: () => false,
    }
    for (const [site, texts] of run(world)) {
      const known = reached.get(site) ?? new Set()
      reached.set(site, known)
      for (const text of texts) known.add(text)
    }
    while (taken.length > 0 && taken.at(-1)!.index === taken.at(-1)!.of - 1) taken.pop()
    if (taken.length === 0) return reached
    taken.at(-1)!.index++
  }
  return null
}
