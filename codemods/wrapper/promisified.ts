/**
 * What `promisify` makes of a method of mysql2 and mysql: it hands its callback rows and fields, and the promise has the
 * rows alone, where the driver's own promise has both. The name of such a function tells nothing of it.
 */
import { keyName, placeIn } from '../connection/functions.js'
import type { DriverCall, Protocol } from '../drivers/driver.js'
import { protocolOf } from '../drivers/index.js'
import type { Repository } from '../repository/index.js'
import { type Node, visit } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { valuesOf } from '../site/values-of.js'

const METHOD = /^(?:query|execute)$/
/** `promisify(pool.query)`, `promisify(pool.query.bind(pool))`, as it is seen without parsing. */
const HANDED = /\.(?:query|execute)\s*(?:[,)]|\.bind\s*\()/
/** Packages whose own promise has the rows alone. */
const ROWS_ALONE = /(?:from|require\()\s*['"](promise-mysql|serverless-mysql)['"]/

const ADVICE = 'call the client in its place by hand: what a call gives is not told by its name'

/** A function that something else made of a method of a driver, and where it is kept. */
interface Made {
  file: SourceFile
  /** The expression that makes it, with the `.bind(…)` behind. */
  node: Node
  method: string
  /** What it is called, and whether that is a variable or a property. */
  name: string | null
  isVariable: boolean
}

/**
 * How a driver's call is read, whatever the function has become that it calls.
 *
 * @returns null for a method that is left alone
 * @throws Refusal where it is not known whether it gives rows alone
 */
export function protocolAt(
  file: SourceFile,
  driver: string,
  call: DriverCall,
  repository: Repository,
): Protocol | null {
  if (driver !== 'mysql2') return protocolOf(driver, call)
  const { alone, made } = madeIn(repository)
  const other = alone.find(each => mayLoad(file, each.file, repository))
  if (other)
    throw new Refusal(`it may run on ${other.name} (${other.file}), whose calls give rows alone`, ADVICE)
  const { callee } = call.node
  if (made.length === 0 || !callee) return protocolOf(driver, call)
  const values = valuesOf(file, callee, repository)
  const known = values.map(each => made.find(({ node }) => node === each.node))
  const [first] = known
  if (first && known.every(each => each?.method === first.method)) {
    const protocol = protocolOf(driver, { ...call, method: first.method })
    return protocol && { ...protocol, result: 'rows', written: 'header' }
  }
  const doubt =
    known.find(each => each) ??
    made.find(
      each =>
        mayBe(each, file, callee, values) &&
        mayLoad(file, each.file.path, repository) &&
        !(each.isVariable && isOfPool(file, callee, repository)),
    )
  if (!doubt) return protocolOf(driver, call)
  const code = codeOf(file, callee).replace(/\s+/g, '')
  throw new Refusal(
    `\`${code}\` may be what is made at ${placeIn(doubt.file, doubt.node)} of the driver's \`${doubt.method}\`, and give rows alone`,
    ADVICE,
  )
}

/** Whether a call that could not be followed may run what was made: by its name, where that may reach it. */
function mayBe(made: Made, file: SourceFile, callee: Node, values: { node: Node }[]): boolean {
  const isMember = /^(?:Optional)?MemberExpression$/.test(callee.type)
  const name: string | null = isMember ? keyName(callee) : callee.name
  if (made.name === null || made.name !== name) return false
  // `const query = pool.query.bind(pool)` was followed, and is the driver's own.
  if (values.every(({ node }) => isOwn(node) && node !== callee)) return false
  return !made.isVariable || !isMember || isOfModule(file, callee.object)
}

/** Whether it is a method of what opens connections: no variable of another module. */
function isOfPool(file: SourceFile, { object }: Node, repository: Repository): boolean {
  const values = object ? valuesOf(file, object, repository) : []
  return (
    values.length > 0 &&
    values.every(
      ({ node }) =>
        node.type === 'CallExpression' &&
        /^create(?:Pool|Connection)$/.test(keyName(node.callee) ?? node.callee.name ?? ''),
    )
  )
}

function isOwn(node: Node): boolean {
  const method = node.type === 'CallExpression' && keyName(node.callee) === 'bind' ? node.callee.object : node
  return METHOD.test(keyName(method) ?? '')
}

/** Whether it is what an import or a `require` gives. */
function isOfModule(file: SourceFile, node: Node): boolean {
  const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
  if (!binding) return false
  const init: Node | undefined = binding.declaration.init && bare(binding.declaration.init)
  return binding.kind === 'import' || init?.callee?.name === 'require'
}

function mayLoad({ path }: SourceFile, other: string, repository: Repository): boolean {
  const { workspace } = repository
  const reaching = (each: string) => [
    ...repository.servicesOf(each),
    ...workspace.files.filter(found => found.path === each).flatMap(({ owner }) => owner ?? ''),
  ]
  const services = new Set(reaching(path))
  return path === other || reaching(other).some(each => services.has(each))
}

interface Found {
  made: Made[]
  /** Files that load a package whose promise has the rows alone. */
  alone: { file: string; name: string }[]
}

const found = new WeakMap<Repository, Found>()

function madeIn(repository: Repository): Found {
  const known = found.get(repository)
  if (known) return known
  const paths = repository.workspace.files.flatMap(({ path, kind }) => (kind === 'source' ? [path] : []))
  const alone = paths.flatMap(path => {
    const name = ROWS_ALONE.exec(repository.textOf(path) ?? '')?.[1]
    return name === undefined ? [] : [{ file: path, name }]
  })
  const made = paths.flatMap(path => {
    const file = HANDED.test(repository.textOf(path) ?? '') ? repository.sourceOf(path) : null
    return file ? madeInFile(file) : []
  })
  found.set(repository, { made, alone })
  return { made, alone }
}

function madeInFile(file: SourceFile): Made[] {
  const made: Made[] = []
  visit(file.program, node => {
    const method = /^(?:Optional)?MemberExpression$/.test(node.type) ? keyName(node) : null
    if (method === null || !METHOD.test(method)) return
    const around = file.bindings.around(node)
    const handed = bound(node, around)
    const maker = handed.around.at(-1)!
    if (maker.type !== 'CallExpression' || !maker.arguments.includes(handed.node)) return
    const whole = bound(maker, handed.around.slice(0, -1))
    made.push({ file, node: whole.node, method, ...keptAs(whole.node, whole.around.at(-1)!) })
  })
  return made
}

/** With the `.bind(…)` behind it, if there is one. */
function bound(node: Node, around: Node[]): { node: Node; around: Node[] } {
  const [call, member] = [around.at(-2), around.at(-1)]
  const isBound = member?.object === node && keyName(member) === 'bind' && call?.callee === member
  return isBound ? { node: call!, around: around.slice(0, -2) } : { node, around }
}

function keptAs(node: Node, parent: Node): Pick<Made, 'name' | 'isVariable'> {
  if (parent.type === 'VariableDeclarator') return { name: parent.id.name ?? null, isVariable: true }
  if (parent.type === 'AssignmentExpression' && parent.right === node) {
    const { left } = parent
    return { name: left.name ?? keyName(left), isVariable: left.type === 'Identifier' }
  }
  const isProperty = /^(?:Object|Class|ClassPrivate)Property$/.test(parent.type)
  return { name: isProperty ? keyName(parent) : null, isVariable: false }
}
