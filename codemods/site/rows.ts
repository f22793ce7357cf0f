/**
 * An INSERT that adds as many rows as a list is long: `VALUES ?` of mysql2, and placeholders that are made for each element of a
 * list, with the values of each one after the other. The owner writes the same text for the rows that it is sent.
 */
import type { Protocol } from '../drivers/driver.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import { isFunction } from './bindings.js'
import { constantText, type Files } from './imported.js'
import type { Node } from './parse.js'
import { isPure, isStable } from './purity.js'
import { bare, codeOf, type SourceFile } from './source-file.js'
import type { TemplatePart } from './template.js'

/** The statement's parts; null where it is no such statement, or one that is not certain to be the same when it is sent as rows. */
export function readRows(
  file: SourceFile,
  text: Node,
  values: Node,
  protocol: Protocol,
  dialect: RewriteDialect,
  files: Files,
): TemplatePart[] | null {
  if (protocol.values !== 'list') return null
  return (
    (protocol.expandsRows && byOnePlaceholder(file, text, values, files)) ||
    byElements(file, text, values, dialect)
  )
}

/** `INSERT INTO t (a, b) VALUES ?`, `[rows]` */
function byOnePlaceholder(file: SourceFile, text: Node, values: Node, files: Files): TemplatePart[] | null {
  const sql = constantText(file, text, files)
  const given = bare(values)
  if (sql === null || given.type !== 'ArrayExpression' || given.elements.length !== 1) return null
  const tokens = tokensOf(sql, 'mysql')
  const at = tokens.findIndex(({ kind }) => kind === 'placeholder')
  const [mark, ...others] = tokens.filter(({ kind }) => kind === 'placeholder')
  const columns = columnsBefore(tokens, at - 1)
  if (mark?.value !== '?' || others.length > 0 || columns === 0) return null
  const rows: Node | null = given.elements[0]
  if (!rows || rows.type === 'SpreadElement') return null
  const parts = Array.from({ length: columns }, (_, slot) => slot).flatMap((slot): TemplatePart[] => [
    { kind: 'text', text: slot === 0 ? '(' : ', ' },
    { kind: 'value', slot, code: '' },
  ])
  return [
    { kind: 'text', text: sql.slice(0, mark.start) },
    { kind: 'rows', code: codeOf(file, rows), parts: [...parts, { kind: 'text', text: ')' }] },
    { kind: 'text', text: sql.slice(mark.end) },
  ]
}

/** How many columns are listed before `VALUES`, which stands at an index; 0 for none. */
function columnsBefore(tokens: ReturnType<typeof tokensOf>, values: number): number {
  if (!/^VALUES?$/.test(tokens[values]?.upper ?? '') || tokens[values - 1]?.value !== ')') return 0
  let count = 1
  for (let at = values - 2; at > 0; at--) {
    const { value, kind } = tokens[at]!
    if (value === '(') return count
    if (value === ',') count++
    else if (kind !== 'word' && kind !== 'name') return 0
  }
  return 0
}

/** `` `INSERT INTO t (a, b) VALUES ${list.map(() => '(?, ?)').join(', ')}` ``, `list.flatMap(each => [each.a, each.b])` */
function byElements(
  file: SourceFile,
  text: Node,
  values: Node,
  dialect: RewriteDialect,
): TemplatePart[] | null {
  const pieces = piecesOf(constantOf(file, text))
  const [marks, ...others] = pieces?.filter(each => typeof each !== 'string') ?? []
  if (!pieces || !marks || typeof marks === 'string' || others.length > 0) return null
  const at = pieces.indexOf(marks)
  const [before, after] = [pieces.slice(0, at).join(''), pieces.slice(at + 1).join('')]
  const isPlain = [before, after].every(each =>
    tokensOf(each, dialect).every(({ kind }) => kind !== 'placeholder'),
  )
  if (!isPlain || !/^\s*(?:insert|replace)\b/i.test(before) || !/\bvalues\s*$/i.test(before)) return null
  const made = joinedElements(file, constantOf(file, marks))
  const handed = flatElements(file, constantOf(file, values))
  if (!made || !handed || codeOf(file, made.list) !== codeOf(file, handed.list)) return null
  if (!isStable(made.list, file.bindings) || !isPure(made.list)) return null
  if (isAddedTo(file, made)) return null
  const parts = rowOf(made.each, dialect)
  const row = handed.each.body as Node
  const count = parts?.filter(({ kind }) => kind === 'value').length
  if (!parts || row.type !== 'ArrayExpression' || row.elements.length !== count) return null
  if (row.elements.some((each: Node | null) => !each || each.type === 'SpreadElement')) return null
  // Made before, its values are those of that time.
  if (bare(values) !== handed.node && !isPure(handed.each)) return null
  return [
    { kind: 'text', text: before },
    { kind: 'rows', code: `${codeOf(file, handed.list)}.map(${codeOf(file, handed.each)})`, parts },
    { kind: 'text', text: after },
  ]
}

/** Whether the list may be longer or shorter once its placeholders are made. */
function isAddedTo({ bindings }: SourceFile, { list, node }: Elements): boolean {
  let root = bare(list)
  while (root.type === 'MemberExpression' || root.type === 'CallExpression') root = root.object ?? root.callee
  const references = root.type === 'Identifier' ? (bindings.of(root)?.references ?? []) : []
  return references.some(
    ({ node: each, around }) => each.start > node.start && CHANGES.test(around.at(-1)?.property?.name ?? ''),
  )
}

/** What a name stands for that is set once, where it is declared in the function that asks. */
function constantOf(file: SourceFile, node: Node): Node {
  const plain = bare(node)
  const binding = plain.type === 'Identifier' ? file.bindings.of(plain) : null
  const init: Node | null =
    binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
  if (!binding || !init || binding.declaration.id.type !== 'Identifier') return plain
  const functionOf = (each: Node): Node | undefined => file.bindings.around(each).findLast(isFunction)
  // A list may be added to.
  const isRead = binding.references.every(({ around }) => {
    const parent = around.at(-1)!
    return parent.type !== 'MemberExpression' || !CHANGES.test(parent.property.name ?? '')
  })
  return isRead && functionOf(plain) === functionOf(binding.declaration) ? bare(init) : plain
}

const CHANGES = /^(?:push|unshift|pop|shift|splice|reverse|sort|fill|length|copyWithin)$/

/** A text as the literal pieces that it is made of, and the others. */
function piecesOf(node: Node): (string | Node)[] | null {
  const plain = bare(node)
  if (plain.type === 'StringLiteral') return [plain.value]
  if (plain.type === 'TemplateLiteral') {
    return plain.quasis.flatMap((each: Node, at: number) => [
      each.value.cooked ?? '',
      ...(plain.expressions[at] ? [plain.expressions[at]] : []),
    ])
  }
  if (plain.type !== 'BinaryExpression' || plain.operator !== '+') return [plain]
  const [left, right] = [piecesOf(plain.left), piecesOf(plain.right)]
  return left && right && [...left, ...right]
}

interface Elements {
  /** The list, and the function that is run for each. */
  list: Node
  each: Node
  node: Node
}

/** `list.map(each => …).join(', ')` */
function joinedElements(file: SourceFile, node: Node): Elements | null {
  const [separator] = node.type === 'CallExpression' ? node.arguments : []
  if (methodOf(node) !== 'join' || separator?.type !== 'StringLiteral' || separator.value.trim() !== ',')
    return null
  const mapped = constantOf(file, node.callee.object)
  return methodOf(mapped) === 'map' ? elementsOf(mapped) : null
}

/** `list.flatMap(each => […])`, `list.map(each => […]).flat()`, `[].concat(...list.map(each => […]))` */
function flatElements(file: SourceFile, node: Node): Elements | null {
  switch (methodOf(node)) {
    case 'flatMap':
      return elementsOf(node)
    case 'flat': {
      const mapped = constantOf(file, node.callee.object)
      const found = node.arguments.length === 0 && methodOf(mapped) === 'map' ? elementsOf(mapped) : null
      return found && { ...found, node }
    }
    case 'concat': {
      const [spread, ...more] = node.arguments
      const isEmpty =
        node.callee.object.type === 'ArrayExpression' && node.callee.object.elements.length === 0
      if (!isEmpty || more.length > 0 || spread?.type !== 'SpreadElement') return null
      const mapped = constantOf(file, spread.argument)
      const found = methodOf(mapped) === 'map' ? elementsOf(mapped) : null
      return found && { ...found, node }
    }
    default:
      return null
  }
}

function elementsOf(node: Node): Elements | null {
  const [each, ...more] = node.arguments as Node[]
  if (each?.type !== 'ArrowFunctionExpression' || each.async || more.length > 0) return null
  return { list: node.callee.object, each: { ...each, body: bare(each.body) }, node }
}

function methodOf(node: Node): string | null {
  const isCall = node.type === 'CallExpression' && node.callee.type === 'MemberExpression'
  return isCall && !node.callee.computed ? (node.callee.property.name ?? null) : null
}

/** A row's text, with its placeholders in order. */
function rowOf({ body, params }: Node, dialect: RewriteDialect): TemplatePart[] | null {
  const returned =
    body.type === 'BlockStatement' ? returnedBy(body) : { node: body, names: new Map<string, Node>() }
  const pieces = returned && piecesOf(returned.node)
  if (!pieces) return null
  if (dialect === 'mysql') {
    const [text, ...more] = pieces
    return typeof text === 'string' && more.length === 0 ? marked(text) : null
  }
  const index = params[1]?.type === 'Identifier' ? params[1].name : null
  const numbers = pieces.filter(each => typeof each !== 'string') as Node[]
  const numberAt = (node: Node, row: number): number | null =>
    reckoned(node, name => (name === index ? row : (returned.names.get(name) ?? null)))
  const isInOrder = numbers.every((node, at) =>
    [0, 1, 2, 5].every(row => numberAt(node, row) === row * numbers.length + at + 1),
  )
  if (index === null || !isInOrder || numbers.length === 0) return null
  // Each stands behind a `$`.
  const texts = pieces.map((each, at) =>
    typeof each === 'string' && typeof pieces[at + 1] === 'object' ? dollarless(each) : each,
  )
  if (texts.includes(null)) return null
  let slot = 0
  const parts = texts.map(
    (each): TemplatePart =>
      typeof each === 'string' ? { kind: 'text', text: each } : { kind: 'value', slot: slot++, code: '' },
  )
  const written = parts.map(each => (each.kind === 'text' ? each.text : 'NULL')).join('')
  return isRow(written, dialect) ? parts : null
}

function dollarless(text: string): string | null {
  return text.endsWith('$') ? text.slice(0, -1) : null
}

/** `(?, ?, NOW())` */
function marked(text: string): TemplatePart[] | null {
  const marks = tokensOf(text, 'mysql').filter(({ kind }) => kind === 'placeholder')
  if (marks.length === 0 || marks.some(({ value }) => value !== '?') || !isRow(text, 'mysql')) return null
  let at = 0
  const parts = marks.flatMap(({ start, end }, slot): TemplatePart[] => {
    const before = text.slice(at, start)
    at = end
    return [
      { kind: 'text', text: before },
      { kind: 'value', slot, code: '' },
    ]
  })
  return [...parts, { kind: 'text', text: text.slice(at) }]
}

/** Whether a text is one row in parentheses. */
function isRow(text: string, dialect: RewriteDialect): boolean {
  const tokens = tokensOf(text, dialect).filter(({ kind }) => kind !== 'end')
  let depth = 0
  return (
    tokens[0]?.value === '(' &&
    tokens.every(({ value }, at) => {
      if (value === '(') depth++
      if (value === ')') depth--
      return depth > 0 || at === tokens.length - 1
    }) &&
    depth === 0
  )
}

/** What a block gives that declares constants and returns. */
function returnedBy({ body }: Node): { node: Node; names: Map<string, Node> } | null {
  const names = new Map<string, Node>()
  for (const each of body.slice(0, -1) as Node[]) {
    if (each.type !== 'VariableDeclaration' || each.kind !== 'const') return null
    for (const { id, init } of each.declarations as Node[]) {
      if (id.type !== 'Identifier' || !init) return null
      names.set(id.name, init)
    }
  }
  const last = body.at(-1)
  return last?.type === 'ReturnStatement' && last.argument ? { node: bare(last.argument), names } : null
}

/** The number that sums and products make; null where something else is in it. */
function reckoned(node: Node, nameOf: (name: string) => number | Node | null, depth = 0): number | null {
  const plain = bare(node)
  if (depth > 20) return null
  if (plain.type === 'NumericLiteral') return plain.value
  if (plain.type === 'Identifier') {
    const found = nameOf(plain.name)
    return found === null || typeof found === 'number' ? found : reckoned(found, nameOf, depth + 1)
  }
  if (plain.type !== 'BinaryExpression') return null
  const left = reckoned(plain.left, nameOf, depth + 1)
  const right = reckoned(plain.right, nameOf, depth + 1)
  if (left === null || right === null) return null
  return plain.operator === '+' ? left + right : plain.operator === '*' ? left * right : null
}
