/** Options with which connections are opened, where they say what values come back. */
import { lineStartsOf } from '../../analyzers/extract/positions.js'
import type { Caller, Callers, FindCallers } from '../connection/callers.js'
import { keyName, placeIn, returnsOf } from '../connection/functions.js'
import { identifierOf } from '../connection/parameters.js'
import type { DriverOptions } from '../operation.js'
import { type Binding, isFunction } from '../site/bindings.js'
import type { Files as CodeFiles, Declared } from '../site/imported.js'
import { functionCalled } from '../site/numeric.js'
import { childrenOf, type Node, visit } from '../site/parse.js'
import { codeOf, requiredModule, type SourceFile } from '../site/source-file.js'
import { valuesOf } from '../site/values-of.js'

/** The options of a connection, or why they are not known: `changesRows` where one is there that may change any value. */
export type Opened =
  | { options: DriverOptions; unknown: null; changesRows?: never }
  | { options: null; unknown: string; changesRows?: true }

export const opened = (options: DriverOptions): Opened => ({ options, unknown: null })
export const notKnown = (why: string): Opened => ({ options: null, unknown: why })

/** A call that opens a connection. */
export interface Opening {
  /** `file:line` of its options. */
  at: string
  /** Package that opens it; null where that is not told. */
  package: string | null
  opened: Opened
}

interface Files extends CodeFiles {
  /** Who calls a function, where it can be asked. */
  callersOf?: FindCallers
}

const OPENS =
  /\b(?:createPool|createConnection|createPoolCluster|\w*[kK]nex\w*(?=\s*\()|new\s+(?:Pool|Client|Sequelize|DataSource)|TypeOrmModule\s*\.\s*forRoot(?:Async)?)\b/
const BOOLEANS = new Set([
  'dateStrings',
  'decimalNumbers',
  'supportBigNumbers',
  'bigNumberStrings',
  'bigIntAsNumber',
  'decimalAsNumber',
  'insertIdAsNumber',
])
/** Options that change rows in ways that are not followed. */
const STRANGE = new Set([
  'typeCast',
  'rowsAsArray',
  'nestTables',
  'types',
  'jsonStrings',
  'metaAsArray',
  'autoJsonMap',
  'postProcessResponse',
  'wrapIdentifier',
])
/** Options that are known to change no value. */
const isHarmless = (key: string): boolean => !BOOLEANS.has(key) && !STRANGE.has(key) && key !== 'timezone'
/** Sequelize's own for the driver under it, whose values it takes for its own. */
const UNDER_SEQUELIZE = 'dialectOptions'
const IN_URL = new RegExp(
  `\\b(?:mysql2?|mariadb)://[^\\s'"]*\\?[^\\s'"]*\\b(?:timezone|${[...BOOLEANS, ...STRANGE].join('|')})=`,
)

/** Whether a text, such as that of an `.env` file, has a URL with options that change values. */
export function hasUrlWithOptions(text: string): boolean {
  return IN_URL.test(text)
}

/** Options of the call that opens a connection on a line. */
export function optionsAt(file: SourceFile, line: number, files: Files): Opened {
  const starts = lineStartsOf(file.text)
  const from = starts[line - 1] ?? 0
  const to = starts[line] ?? file.text.length
  let found: Node | null = null
  const calls: Node[] = []
  const search = (node: Node): void => {
    if (found || node.end < from) return
    const isCall = node.type === 'CallExpression' || node.type === 'NewExpression'
    if (isCall && node.start >= from && node.start < to) {
      calls.push(node)
      if (OPENS.test(codeOf(file, node).slice(0, 80))) {
        found = node
        return
      }
    }
    for (const child of childrenOf(node)) search(child)
  }
  search(file.program)
  if (found) return openedWith(file, found, files)
  const inside = calls.flatMap(call => openingsBehind({ file, call }, files))
  return inside.length > 0
    ? agreed(inside)
    : notKnown(`what opens it at ${file.path}:${line} is not understood`)
}

/** Calls that open connections in the function that a call runs, which takes what this call hands over. */
function openingsBehind(caller: Caller, files: Files): Opening[] {
  const found = functionCalled(caller.file, caller.call, files)
  if (!found) return []
  const { file, node: fn } = found
  return openingCalls(file, fn, {
    ...files,
    callersOf: each =>
      each.fn === fn ? { calls: [caller], unseen: [] } : (files.callersOf?.(each) ?? NOBODY),
  })
}

const NOBODY: Callers = { calls: [], unseen: [] }

/** Every call of a file that may open a connection to MySQL or MariaDB. */
export function openingsIn(path: string, text: string, files: Files): Opening[] {
  if (!OPENS.test(text)) return []
  const file = files.sourceOf(path)
  if (!file) return [{ at: path, package: null, opened: notKnown(`${path} does not parse`) }]
  return openingCalls(file, file.program, files)
}

/** Those in a function, or a whole file. */
function openingCalls(file: SourceFile, within: Node, files: Files): Opening[] {
  const found: Opening[] = []
  visit(within, node => {
    if (!mayOpen(node)) return
    const from = isNestModule(node) ? 'typeorm' : moduleOf(file, node.callee.object ?? node.callee)
    // A function of the repository opens it by a call of its own, which counts.
    if (!from?.startsWith('.'))
      found.push({ at: placeIn(file, node), package: from, opened: openedWith(file, node, files) })
  })
  return found
}

function mayOpen(node: Node): boolean {
  const { type, callee, arguments: given } = node
  const name: string = callee?.property?.name ?? callee?.name ?? ''
  if (type === 'NewExpression') return /^(?:Sequelize|DataSource)$/.test(name)
  if (isNestModule(node)) return true
  return (
    type === 'CallExpression' &&
    ((isKnex(name) && given.length > 0) || /^create(?:Pool|Connection|PoolCluster)$/.test(name))
  )
}

/** `TypeOrmModule.forRoot({ … })`, `TypeOrmModule.forRootAsync({ useFactory: () => ({ … }) })`, as Nest has it. */
function isNestModule({ type, callee }: Node): boolean {
  return (
    type === 'CallExpression' &&
    callee.object?.name === 'TypeOrmModule' &&
    /^forRoot(?:Async)?$/.test(keyName(callee) ?? '')
  )
}

/** What a name is imported from: a package or a path, `.` for a function of the file; null where that is not told. */
function moduleOf(file: SourceFile, name: Node): string | null {
  const binding = name.type === 'Identifier' ? file.bindings.of(name) : null
  const parent = binding && file.bindings.around(binding.declaration).at(-1)
  if (!parent) return null
  if (binding.kind === 'import') return parent.source.value
  return binding.kind === 'function' ? '.' : requiredModule(parent)
}

/** `knex`, `Knex`, `knexFactory`, `createKnex`: the package's function has the name that its import gives it. */
function isKnex(name: string | undefined): boolean {
  return /knex/i.test(name ?? '')
}

/** What connections have that are opened in several ways. */
export function agreed(openings: Pick<Opening, 'at' | 'opened'>[]): Opened {
  const [first, ...others] = openings
  const unknown = openings.filter(each => each.opened.unknown !== null)
  const worst = unknown.find(each => each.opened.changesRows) ?? unknown[0]
  if (!first || worst) return worst?.opened ?? notKnown('no call that opens one is found')
  const other = others.find(each => written(each) !== written(first))
  return other ? notKnown(`${first.at} and ${other.at} open one with different options`) : first.opened
}

function written({ opened: { options } }: Pick<Opening, 'opened'>): string {
  return JSON.stringify(Object.entries(options ?? {}).sort())
}

/** Options of a call that opens connections: knex has them inside of others, Sequelize last. */
function openedWith(file: SourceFile, { callee, arguments: given }: Node, files: Files): Opened {
  const node: Node | undefined = callee.name === 'Sequelize' ? given.at(-1) : given[0]
  if (!node) return opened({})
  if (callee.object?.name === 'TypeOrmModule' && keyName(callee) === 'forRootAsync')
    return ofAll(valuesOf(file, node, files), each => ofFactory(each, files))
  return ofAll(valuesOf(file, node, files), each =>
    isKnex(callee.name) && each.node.type === 'ObjectExpression'
      ? ofKnex(each, files)
      : optionsOf(each, files),
  )
}

function ofAll(values: Declared[], read: (value: Declared) => Opened): Opened {
  return agreed(values.map(each => ({ at: placeIn(each.file, each.node), opened: read(each) })))
}

function ofKnex({ file, node }: Declared, files: Files): Opened {
  const properties: Node[] = node.properties
  const odd = properties.find(each => STRANGE.has(keyName(each) ?? ''))
  if (odd) return strange(file, odd)
  const spread = properties.find(each => keyName(each) === null)
  if (spread) return unreadable(file, spread)
  const connection = properties.findLast(each => keyName(each) === 'connection')?.value
  return connection
    ? ofAll(valuesOf(file, connection, files), each => optionsOf(each, files))
    : optionsOf({ file, node }, files)
}

/** What Nest is told to call for the options. */
function ofFactory({ file, node }: Declared, files: Files): Opened {
  const properties: Node[] = node.type === 'ObjectExpression' ? node.properties : []
  const property = properties.findLast(each => keyName(each) === 'useFactory')
  const fn: Node | undefined = property?.type === 'ObjectMethod' ? property : property?.value
  if (!fn || !isFunction(fn)) return unreadable(file, property ?? node)
  const returned = returnsOf(fn).flatMap(each => valuesOf(file, each, files))
  return returned.length === 0 ? unreadable(file, fn) : ofAll(returned, each => optionsOf(each, files))
}

/** What an object with options says, or a URL. */
function optionsOf({ file, node }: Declared, files: Files): Opened {
  if (isUrl(node)) return urlOf(node)?.includes('?') ? unreadable(file, node) : opened({})
  // Nothing is added: `...(isLocal ? undefined : { ssl })`.
  if (node.type === 'NullLiteral' || node.name === 'undefined') return opened({})
  if (node.type === 'Identifier') return optionsOfName({ file, node }, files)
  if (node.type !== 'ObjectExpression') return unreadable(file, node)
  const odd = node.properties.find((each: Node) => STRANGE.has(keyName(each) ?? ''))
  if (odd) return strange(file, odd)
  let options: DriverOptions = {}
  for (const property of node.properties as Node[]) {
    if (property.type === 'SpreadElement') {
      const inner = ofAll(valuesOf(file, property.argument, files), each => optionsOf(each, files))
      if (inner.unknown !== null) return inner
      options = { ...options, ...inner.options }
      continue
    }
    const key = keyName(property)
    if (key === null) return unreadable(file, property)
    const values = property.value ? valuesOf(file, property.value, files) : []
    // TypeORM hands them on to the driver.
    if (key === 'extra') {
      const inner = ofAll(values, each => optionsOf(each, files))
      if (inner.unknown !== null) return inner
      options = { ...options, ...inner.options }
      continue
    }
    if (key === UNDER_SEQUELIZE) {
      const odd = values.flatMap(oddUnderSequelize)
      if (odd.length > 0) return odd[0]!
      continue
    }
    if (isHarmless(key)) {
      const url = key === 'uri' ? values.find(each => urlOf(each.node)?.includes('?')) : undefined
      if (url) return unreadable(url.file, url.node)
      continue
    }
    const [value, ...others] = values
    const known = value && others.length === 0 ? optionValue(key, value.node) : undefined
    if (known === undefined) return unreadable(file, property)
    options = { ...options, [key]: known }
  }
  return opened(options)
}

/** What callers hand over for a parameter, or what is left of an object that some is taken out of. */
function optionsOfName({ file, node }: Declared, files: Files): Opened {
  const binding = file.bindings.of(node)
  if (!binding || binding.isAmbiguous || binding.references.some(isChange)) return unreadable(file, node)
  const { declaration, identifier } = binding
  if (binding.kind === 'const' && declaration.id?.type === 'ObjectPattern' && declaration.init)
    return optionsOfRest(file, declaration, identifier, files) ?? unreadable(file, node)
  if (binding.kind !== 'param') return unreadable(file, node)
  const params: Node[] = declaration.params
  const at = params.findIndex(each => identifierOf(each) === identifier)
  const fallback: Node | undefined = params[at]?.right
  const { calls, unseen } = files.callersOf?.({ file, fn: declaration }) ?? NOBODY
  const isSeen =
    at !== -1 &&
    calls.length > 0 &&
    unseen.length === 0 &&
    calls.every(({ call }) => (call.arguments as Node[]).every(each => each.type !== 'SpreadElement'))
  if (!isSeen) return unreadable(file, node)
  const given = calls.flatMap((caller): Declared[] => {
    const argument: Node | undefined = caller.call.arguments[at]
    if (argument) return valuesOf(caller.file, argument, files)
    return fallback ? valuesOf(file, fallback, files) : []
  })
  // A function that calls itself would be followed without end.
  const others: Files = {
    ...files,
    callersOf: each => (each.fn === declaration ? NOBODY : (files.callersOf?.(each) ?? NOBODY)),
  }
  return given.length === 0 ? opened({}) : ofAll(given, each => optionsOf(each, others))
}

/** Whether a use gives the name another value, or its object another property. */
function isChange({ node, around }: Binding['references'][number]): boolean {
  const [holder, parent] = around.slice(-2) as (Node | undefined)[]
  const target =
    parent?.type === 'MemberExpression' && parent.object === node ? [parent, holder] : [node, parent]
  return target[1]?.left === target[0]
}

/** `rest` of `const { a, ...rest } = options`: what these have, but for what is named; null for a name of another kind. */
function optionsOfRest(file: SourceFile, { id, init }: Node, identifier: Node, files: Files): Opened | null {
  const properties: Node[] = id.properties
  if (properties.at(-1)?.type !== 'RestElement' || properties.at(-1)!.argument !== identifier) return null
  const taken = properties.slice(0, -1).map(keyName)
  const whole = ofAll(valuesOf(file, init, files), each => optionsOf(each, files))
  if (whole.unknown !== null || taken.includes(null)) return whole.unknown === null ? null : whole
  return opened(Object.fromEntries(Object.entries(whole.options).filter(([key]) => !taken.includes(key))))
}

/** Options that change values in one way or another. */
function oddUnderSequelize({ file, node }: Declared): Opened[] {
  const properties: Node[] = node.type === 'ObjectExpression' ? node.properties : []
  return properties.filter(each => !isHarmless(keyName(each) ?? '')).map(each => strange(file, each))
}

/** A boolean, or a zone that the client can do as well. */
function optionValue(key: string, { type, value }: Node): string | boolean | undefined {
  if (key !== 'timezone') return type === 'BooleanLiteral' ? value : undefined
  return type === 'StringLiteral' && /^(?:local|Z|[+-]\d\d:\d\d)$/.test(value) ? value : undefined
}

/** A text, or what the environment says: see `hasUrlWithOptions`. */
function isUrl(node: Node): boolean {
  const isOfEnvironment = node.type === 'MemberExpression' && node.object.property?.name === 'env'
  return isOfEnvironment || urlOf(node) !== null
}

function urlOf({ type, value, quasis }: Node): string | null {
  if (type === 'TemplateLiteral') return quasis.map((each: Node) => each.value.raw).join('')
  return type === 'StringLiteral' ? value : null
}

function unreadable(file: SourceFile, node: Node): Opened {
  const code = codeOf(file, node).replace(/\s+/g, ' ')
  return notKnown(
    `\`${code.length > 60 ? `${code.slice(0, 59)}…` : code}\` at ${placeIn(file, node)} is not understood`,
  )
}

/** An option by which the driver may make anything of a row, and code of the connection something of any value. */
function strange(file: SourceFile, node: Node): Opened {
  const { unknown } = unreadable(file, node)
  return { options: null, unknown: unknown!, changesRows: true }
}

/**
 * What a package adds to the options by itself: TypeORM has big numbers as texts since its version 1.
 *
 * @param version what the service's package.json asks for
 */
export function withDefaults(known: Opened, driver: string, version: string | undefined): Opened {
  const { options } = known
  if (options === null || driver !== 'typeorm' || options.bigNumberStrings !== undefined) return known
  const major = /^[\^~>=v\s]*(\d+)\b/.exec(version ?? '')?.[1]
  return major === undefined
    ? notKnown('no package.json tells the version of TypeORM')
    : opened({ ...options, bigNumberStrings: Number(major) > 0 })
}

/** True for a file that changes how node-postgres reads values, for all of its process, or how a pool of slonik does. */
export function changesTypeParsers(text: string): boolean {
  return (
    /\bsetTypeParser\s*\(/.test(text) ||
    (/\bslonik\b/.test(text) && /\b(?:typeParsers|interceptors|resultParserInterceptor)\b/.test(text))
  )
}
