/** Options with which a service opens its connections, where they say what values come back. */
import type { DriverOptions } from '../operation.js'
import { childrenOf, type Node } from '../site/parse.js'
import { bare, codeOf, openSource, type SourceFile } from '../site/source-file.js'

const OPENS =
  /\b(?:createPool|createConnection|createPoolCluster|\w*[kK]nex\w*(?=\s*\()|new\s+(?:Pool|Client|Sequelize|DataSource))\b/
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
  'dialectOptions',
])
/** Options that are known to change no value. */
const isHarmless = (key: string): boolean => !BOOLEANS.has(key) && !STRANGE.has(key) && key !== 'timezone'

/** Options of the call that opens a connection on a line; null where they can't be told. */
export function optionsAt(file: SourceFile, line: number): DriverOptions | null {
  const starts = lineStarts(file.text)
  const from = starts[line - 1] ?? 0
  const to = starts[line] ?? file.text.length
  let found: Node | null = null
  const search = (node: Node): void => {
    if (found || node.end < from) return
    const isCall = node.type === 'CallExpression' || node.type === 'NewExpression'
    if (isCall && node.start >= from && node.start < to && OPENS.test(codeOf(file, node).slice(0, 80))) {
      found = node
      return
    }
    for (const child of childrenOf(node)) search(child)
  }
  search(file.program)
  return found ? openedWith(file, found) : null
}

/** Options of every connection that a file opens. */
export function optionsIn(path: string, text: string): (DriverOptions | null)[] {
  if (!OPENS.test(text)) return []
  const file = openSource(path, text)
  if (!file) return [null]
  const found: (DriverOptions | null)[] = []
  const search = (node: Node): void => {
    const callee = node.callee?.property?.name ?? node.callee?.name
    if (
      (node.type === 'CallExpression' &&
        ((isKnex(callee) && node.arguments.length > 0) ||
          /^create(?:Pool|Connection|PoolCluster)$/.test(callee ?? ''))) ||
      (node.type === 'NewExpression' && /^(?:Pool|Client|Sequelize|DataSource)$/.test(callee ?? ''))
    ) {
      found.push(openedWith(file, node))
    }
    for (const child of childrenOf(node)) search(child)
  }
  search(file.program)
  return found
}

/** `knex`, `Knex`, `knexFactory`, `createKnex`: the package's function has the name that its import gives it. */
function isKnex(name: string | undefined): boolean {
  return /knex/i.test(name ?? '')
}

/** Options of a call that opens connections: knex has them inside of others, Sequelize last. */
function openedWith(file: SourceFile, { callee, arguments: given }: Node): DriverOptions | null {
  if (isKnex(callee.name) && given[0]?.type === 'ObjectExpression') {
    const properties = new Map<string | undefined, Node>(
      given[0].properties.map((each: Node) => [each.key?.name, each.value]),
    )
    if ([...properties.keys()].some(key => key === undefined || STRANGE.has(key))) return null
    return optionsOf(file, properties.get('connection') ?? given[0])
  }
  return optionsOf(file, callee.name === 'Sequelize' ? given.at(-1) : given[0])
}

/**
 * What a package adds to the options by itself: TypeORM has big numbers as texts since its version 1.
 *
 * @param version what the service's package.json asks for
 * @returns null where the version is not told
 */
export function withDefaults(
  options: DriverOptions,
  driver: string,
  version: string | undefined,
): DriverOptions | null {
  if (driver !== 'typeorm' || options.bigNumberStrings !== undefined) return options
  const major = /^[\^~>=v\s]*(\d+)\b/.exec(version ?? '')?.[1]
  return major === undefined ? null : { ...options, bigNumberStrings: Number(major) > 0 }
}

function optionsOf(file: SourceFile, node: Node | undefined): DriverOptions | null {
  if (!node) return {}
  const plain = bare(node)
  if (plain.type === 'Identifier') {
    const binding = file.bindings.of(plain)
    return binding?.kind === 'const' && binding.declaration.init
      ? optionsOf(file, binding.declaration.init)
      : null
  }
  // A URL: its options may stand in its query.
  if (plain.type === 'StringLiteral') return plain.value.includes('?') ? null : {}
  if (plain.type !== 'ObjectExpression') return null
  let options: DriverOptions = {}
  for (const property of plain.properties as Node[]) {
    if (property.type === 'SpreadElement') {
      const inner = optionsOf(file, property.argument)
      if (!inner) return null
      options = { ...options, ...inner }
      continue
    }
    const key: string | undefined = property.computed
      ? undefined
      : (property.key?.name ?? property.key?.value)
    if (key === undefined || STRANGE.has(key)) return null
    if (isHarmless(key)) {
      if (
        key === 'uri' &&
        bare(property.value).type === 'StringLiteral' &&
        bare(property.value).value.includes('?')
      )
        return null
      continue
    }
    const value = bare(property.value)
    if (
      key === 'timezone' &&
      value.type === 'StringLiteral' &&
      /^(?:local|Z|[+-]\d\d:\d\d)$/.test(value.value)
    )
      options = { ...options, timezone: value.value }
    else if (BOOLEANS.has(key) && value.type === 'BooleanLiteral')
      options = { ...options, [key]: value.value }
    else return null
  }
  return options
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** True for a file that changes how node-postgres reads values, for all of its process, or how a pool of slonik does. */
export function changesTypeParsers(text: string): boolean {
  return (
    /\bsetTypeParser\s*\(/.test(text) ||
    (/\bslonik\b/.test(text) && /\b(?:typeParsers|interceptors|resultParserInterceptor)\b/.test(text))
  )
}
