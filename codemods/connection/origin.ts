/**
 * Where the connection of a statement comes from, through variables, fields, parameters and all callers: from a pool, or
 * from somewhere that a transaction is open, or that is not seen.
 */
import type { Repository } from '../repository/index.js'
import type { Binding } from '../site/bindings.js'
import { isFunction } from '../site/bindings.js'
import { typeOfProperty } from '../site/declared-types.js'
import type { Declared } from '../site/imported.js'
import { type Node, visit } from '../site/parse.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { type Bond, bond, distinct, FREE, givesCurrent, handedBy, ofDriver, unknown, unseen } from './bond.js'
import { type Caller, callerSearch } from './callers.js'
import { createCircles } from './circles.js'
import { type Frame, frameOf, objectOf } from './frame.js'
import { type FoundFunction, functionsRun, keyName, linkedCall, placeIn, returnsOf } from './functions.js'
import { annotationOf, identifierOf, pathIn } from './parameters.js'
import { isPoolType } from './pool-types.js'
import { type SharedValue, sharedBehind } from './shared.js'
import { useSearch } from './uses.js'

const MAX_DEPTH = 12
const MAX_HOPS = 4
/** Methods that give a connection of its own, as long as it is not another function of the repository. */
const TAKES_CONNECTION = /^(?:connect|getConnection|acquire|reserve|createQueryRunner)$/
const BEGINS = /^(?:transaction|beginTransaction|startTransaction|begin)$/
const TRANSACTION_TYPE = /\b(?:PoolClient|PoolConnection|\w*Transaction\w*|QueryRunner|ITask|DbTx|Tx|Trx)\b/
const POOL_NAME = /pool|^(?:this\.)?_?(?:db|database|datasource|knex|sequelize|prisma)$/i

/** `req.app.locals.pool`, `req.app.get('pool')`: what Express keeps for all requests. */
function isOfApplication([first, second, ...rest]: string[]): boolean {
  const isKept = first === 'app' && (second === 'locals' || second === 'get()')
  return isKept && !givesCurrent(rest)
}

export interface ConnectionSearch {
  /**
   * What binds a statement to what it runs on.
   *
   * @param isRead what the methods of object literals run on is looked at besides
   */
  bondsOf(file: SourceFile, receiver: Node, frame: Frame | null, isRead?: boolean): Bond[]
  /** The same of what is handed to a driver as a transaction: it is one, unless it is known to be none. */
  transactionsOf(file: SourceFile, transaction: Node, frame: Frame | null): Bond[]
  /** Classes whose objects an expression may be, and object literals; null where that is not known. */
  classesOf(file: SourceFile, receiver: Node): Declared[] | null
}

export function connectionSearch(repository: Repository): ConnectionSearch {
  const callersOf = callerSearch(repository)
  const usesOf = useSearch(repository)
  const circles = createCircles()
  const { remembered } = circles

  return {
    // Who made what no caller hands over is no question: statements outside of a transaction run on such all the time.
    bondsOf: (file, receiver, frame, isRead = false) =>
      distinct(originOf(file, receiver, [], frame)).flatMap((each): Bond[] => {
        const { made, by } = each
        const isObject = made?.node.type === 'ObjectExpression'
        if (each.kind === 'made' && (isRead || !isObject)) return []
        const found = made ? { ...unknown(made.file, made.node)[0]!, by } : each
        return found.kind !== 'unknown' || by !== null ? [found] : []
      }),
    transactionsOf: (file, transaction, frame) =>
      distinct(originOf(file, transaction, [], frame)).flatMap(each =>
        each.kind === 'made' ? unknown(file, transaction) : [each],
      ),
    classesOf(file, receiver) {
      const bonds = originOf(file, receiver, [], null)
      const isOpen = bonds.some(
        ({ kind, made }) => /^(?:unknown|current)$/.test(kind) || (kind === 'made' && !made),
      )
      const made = bonds.flatMap(each => each.made ?? [])
      if (made.length === 0 || isOpen) return null
      return [...new Map(made.map(each => [each.node, each])).values()]
    },
  }

  /** @param path properties that are taken of it */
  function originOf(file: SourceFile, expression: Node, path: string[], frame: Frame | null): Bond[] {
    if (circles.depth > MAX_DEPTH) return unknown(file, expression, 'it comes from too far away')
    circles.depth++
    try {
      return originIn(file, bare(expression), path, frame)
    } finally {
      circles.depth--
    }
  }

  function originIn(file: SourceFile, node: Node, path: string[], frame: Frame | null): Bond[] {
    switch (node.type) {
      case 'AwaitExpression':
        return originOf(file, node.argument, path, frame)
      case 'NullLiteral':
        return []
      case 'Identifier':
        return ofName(file, node, path, frame)
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const name = keyName(node)
        if (name === null) return isModules(file, node.object) ? FREE : unknown(file, node)
        if (node.object.type === 'ThisExpression') return ofField(file, node, name, path, frame)
        return originOf(file, node.object, [name, ...path], frame)
      }
      case 'LogicalExpression':
        return [...originOf(file, node.left, path, frame), ...originOf(file, node.right, path, frame)]
      case 'ConditionalExpression':
        return [
          ...originOf(file, node.consequent, path, frame),
          ...originOf(file, node.alternate, path, frame),
        ]
      case 'AssignmentExpression':
        return originOf(file, node.right, path, frame)
      case 'ObjectExpression':
        return ofObject(file, node, path, frame)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return ofCall(file, node, path, frame)
      case 'NewExpression':
        return ofNew(file, node, path, frame)
      default:
        return unknown(file, node)
    }
  }

  function ofObject(file: SourceFile, object: Node, path: string[], frame: Frame | null): Bond[] {
    const [first, ...rest] = path
    if (first === undefined) return [{ ...bond('made', file, object), made: { file, node: object } }]
    const method = methodOf(first)
    const found = object.properties.findLast((each: Node) => keyName(each) === (method ?? first))
    if (method !== null) {
      return found?.type === 'ObjectMethod'
        ? returnsOf(found).flatMap(each => originOf(file, each, rest, frame))
        : unknown(file, object)
    }
    if (found?.type === 'ObjectProperty') return originOf(file, found.value, rest, frame)
    if (found) return unknown(file, found)
    const spread = object.properties.filter((each: Node) => each.type === 'SpreadElement')
    return spread.flatMap((each: Node) => originOf(file, each.argument, path, frame))
  }

  function ofName(file: SourceFile, node: Node, path: string[], frame: Frame | null): Bond[] {
    const binding = file.bindings.of(node)
    if (!binding) return node.name === 'undefined' ? [] : unknown(file, node)
    switch (binding.kind) {
      case 'param':
        return ofParameter(file, binding, path, frame)
      case 'const':
      case 'let':
      case 'var':
        return isOfModule(file, binding) ? ofModule(file, node, path) : ofVariable(file, binding, path, frame)
      default:
        return ofModule(file, node, path)
    }
  }

  /** What a module has is there for all, but may give what is current. */
  function ofModule(file: SourceFile, node: Node, path: string[]): Bond[] {
    return givesCurrent(path) ? unseen(file, node, path) : FREE
  }

  function ofVariable(file: SourceFile, binding: Binding, path: string[], frame: Frame | null): Bond[] {
    const { declaration } = binding
    if (declaration.type !== 'VariableDeclarator') return unknown(file, binding.identifier)
    if (isPoolType(binding.identifier.typeAnnotation) && path.length === 0) return FREE
    const inside = pathIn(declaration.id, binding.identifier)
    if (inside === null) return unknown(file, binding.identifier)
    const values = [
      ...(declaration.init ? [{ value: declaration.init, inside }] : []),
      ...binding.references.flatMap(({ node, around }) => {
        const parent = around.at(-1)!
        return parent.type === 'AssignmentExpression' && parent.left === node
          ? [{ value: parent.right, inside: [] }]
          : []
      }),
    ]
    if (values.length === 0) return unknown(file, binding.identifier)
    return [
      ...values.flatMap(each => originOf(file, each.value, [...each.inside, ...path], frame)),
      ...usesOf(file, binding),
    ]
  }

  function ofParameter(file: SourceFile, binding: Binding, path: string[], frame: Frame | null): Bond[] {
    const fn = binding.declaration
    const at = fn.params.findIndex((each: Node) => pathIn(each, binding.identifier) !== null)
    const param: Node = fn.params[at]
    const inside = [...pathIn(param, binding.identifier)!, ...path]
    if (isOfApplication(inside)) return FREE
    const type = annotationOf(param)
    if (isPoolType(inside.length === 0 ? type : typeOfProperty(file, type, inside, repository))) return FREE
    const shared = sharedBehind(file, param, inside, repository)
    if (shared && !givesCurrent(shared.rest))
      return shared.values.flatMap(each => ofShared(each, shared.rest))
    const fallback = param.type === 'AssignmentPattern' ? param.right : null
    const uses = usesOf(file, binding)
    const own = frameOf(fn, frame)
    if (own) return [...uses, ...ofArgument(own.caller, own.call, at, inside, own.outer, file, fallback)]
    const around = file.bindings.around(fn)
    const call = around.at(-1)!
    if (/^(?:Optional)?CallExpression$/.test(call.type) && call.arguments.includes(fn)) {
      const by = placeIn(file, call)
      const bonds = ofCallback(file, call, call.arguments.indexOf(fn), { at, path: inside }, frame)
      // The function that gets it is what a reader looks for, and not what that does.
      return [...uses, ...bonds.map(each => ({ ...each, by }))]
    }
    const bonds = remembered(`${file.path} ${fn.start} ${at} ${inside.join('.')}`, () =>
      callsOf({ file, fn }, caller => ofArgument(caller.file, caller.call, at, inside, null, file, fallback)),
    )
    return [...uses, ...bonds]
  }

  function ofShared({ file, node, isOfRequest }: SharedValue, path: string[]): Bond[] {
    return isOfRequest
      ? handedBy(placeIn(file, node), unknown(file, node, 'each request has one of its own'))
      : originOf(file, node, path, null)
  }

  /** @param fallback what the parameter has where nothing is handed over */
  function ofArgument(
    caller: SourceFile,
    call: Node,
    at: number,
    path: string[],
    frame: Frame | null,
    file: SourceFile,
    fallback: Node | null,
  ): Bond[] {
    const list: Node[] = call.arguments
    const spread = list.findIndex(each => each.type === 'SpreadElement')
    if (spread !== -1 && spread <= at) return unknown(caller, call)
    const given = list[at] ? originOf(caller, list[at], path, frame) : []
    return fallback ? [...given, ...originOf(file, fallback, path, null)] : given
  }

  /** All calls of a function; one in a transaction is bound whatever it hands over. */
  function callsOf(found: FoundFunction, each: (caller: Caller) => Bond[]): Bond[] {
    const { calls, unseen } = callersOf(found)
    return [
      ...calls.flatMap(caller => ofCaller(caller, each)),
      ...unseen.map(({ at, why }): Bond => ({ kind: 'unknown', by: at, at, why })),
    ]
  }

  function ofCaller(caller: Caller, each: (caller: Caller) => Bond[]): Bond[] {
    const by = placeIn(caller.file, caller.call)
    const begins = linkedCall(caller.file, caller.call, repository)?.transaction ?? null
    const handed = handedBy(by, each(caller))
    if (begins === null) return handed
    const others = handed.filter(({ kind }) => kind === 'settings' || kind === 'made')
    return [{ kind: 'transaction', by, at: begins, why: '' }, ...others]
  }

  /** @param handed which parameter of the function is meant, and what of it */
  function ofCallback(
    file: SourceFile,
    call: Node,
    index: number,
    handed: { at: number; path: string[] },
    frame: Frame | null,
  ): Bond[] {
    const method = keyName(call.callee) ?? call.callee.name ?? ''
    const object: Node | null = call.callee.object ?? null
    if (object && method === 'then' && index === 0) return originOf(file, object, handed.path, frame)
    const linked = linkedCall(file, call, repository)
    if (linked?.driver != null) {
      if (TAKES_CONNECTION.test(method)) return FREE
      if (object && /^task(?:If)?$/.test(method)) return ofDriver(originOf(file, object, [], frame))
      if (/^tx(?:If)?$/.test(method) || BEGINS.test(method))
        return ofDriver([bond('transaction', file, call)])
    }
    const found = linked && !linked.isOpen ? functionsRun(linked, repository) : []
    const nobody = unknown(file, call, `what calls the function that ${method || 'it'} gets is not seen`)
    if (found.length === 0 || circles.depth > MAX_DEPTH) return nobody
    circles.depth++
    const bonds = found.flatMap(each => {
      const param = each?.fn.params[index]
      const binding = each && param?.type === 'Identifier' ? each.file.bindings.of(param) : null
      if (!each || !binding) return nobody
      const inner: Frame = { ...each, call, caller: file, outer: frame }
      return binding.references.flatMap(({ node, around }): Bond[] => {
        const parent = around.at(-1)!
        if (/^(?:UnaryExpression|IfStatement|BinaryExpression)$/.test(parent.type)) return []
        if (!/^(?:Optional)?CallExpression$/.test(parent.type)) return nobody
        if (parent.callee !== node)
          return ofCallback(each.file, parent, parent.arguments.indexOf(node), handed, inner)
        return ofCaller({ file: each.file, call: parent }, () =>
          ofArgument(each.file, parent, handed.at, handed.path, inner, file, null),
        )
      })
    })
    circles.depth--
    return bonds
  }

  function ofField(
    file: SourceFile,
    member: Node,
    name: string,
    path: string[],
    frame: Frame | null,
  ): Bond[] {
    const cls = file.bindings.around(member).findLast(each => /^Class(?:Decl|Expr)/.test(each.type))
    if (!cls) return unknown(file, member)
    const object = objectOf(cls, frame)
    if (object) return fieldOf(file, cls, member, name, path, object)
    return remembered(`${file.path} ${cls.start} .${[name, ...path].join('.')}`, () =>
      fieldOf(file, cls, member, name, path, null),
    )
  }

  /** @param object the call of the constructor, where the object is one that was seen made */
  function fieldOf(
    file: SourceFile,
    cls: Node,
    member: Node,
    name: string,
    path: string[],
    object: Frame | null,
  ): Bond[] {
    const members: Node[] = cls.body.body
    const declared = members.find(each => keyName(each) === name)
    if (declared && path.length === 0 && isPoolType(declared.typeAnnotation)) return FREE
    const made = members.find(each => each.kind === 'constructor' && each.body)
    const parameter = made?.params.find(
      (each: Node) => each.type === 'TSParameterProperty' && identifierOf(each)?.name === name,
    )
    const values: Node[] = declared?.value ? [declared.value] : []
    if (declared?.kind === 'get') values.push(...returnsOf(declared))
    visit(cls.body, node => {
      const { left } = node
      if (node.type !== 'AssignmentExpression' || left.type !== 'MemberExpression') return
      if (left.object.type === 'ThisExpression' && keyName(left) === name) values.push(node.right)
    })
    const handed = parameter ? file.bindings.of(identifierOf(parameter)!) : null
    if (!handed && values.length === 0) return unknown(file, member)
    const bonds = [
      ...(handed ? ofParameter(file, handed, path, object) : []),
      ...values.flatMap(each => originOf(file, each, path, object)),
    ]
    // Containers make objects unseen, and with pools; what is made for a transaction has a type that says so.
    const type = declared?.typeAnnotation ?? (parameter ? annotationOf(parameter) : null)
    if (object || (type && TRANSACTION_TYPE.test(codeOf(file, type)))) return bonds
    return bonds.map(each => (each.kind === 'unknown' ? { ...each, by: null } : each))
  }

  function ofCall(file: SourceFile, call: Node, path: string[], frame: Frame | null): Bond[] {
    const { callee } = call
    const method = callee.type === 'Identifier' ? callee.name : keyName(callee)
    if (method === 'require' || callee.type === 'Import') return FREE
    const linked = linkedCall(file, call, repository)
    const found = linked ? functionsRun(linked, repository) : []
    const object: Node | null = callee.object ?? null
    const isDriver = linked?.driver != null
    const isFound = found.length > 0 && !linked!.isOpen
    if (!isFound && method !== null && BEGINS.test(method)) return ofDriver([bond('transaction', file, call)])
    if (
      !isFound &&
      method !== null &&
      TAKES_CONNECTION.test(method) &&
      (isDriver || isNamedPool(file, object))
    )
      return FREE
    if (!isFound && isDriver) return object ? ofDriver(originOf(file, object, [], frame)) : FREE
    const isOfObject = object !== null && !/^(?:ThisExpression|Super)$/.test(object.type)
    const areMethods = found.every(each => each?.fn.type === 'ClassMethod' && !each.fn.static)
    // The same method of another object may give another connection.
    if (isOfObject && method !== null && areMethods)
      return originOf(file, object, [`${method}()`, ...path], frame)
    if (isFound) {
      return found.flatMap(each => {
        if (!each || each.fn.generator) return unknown(file, call)
        const inner: Frame = { ...each, call, caller: file, outer: frame }
        return returnsOf(each.fn).flatMap(value => originOf(each.file, value, path, inner))
      })
    }
    return unseen(file, callee, [`${method ?? ''}()`, ...path])
  }

  function isNamedPool(file: SourceFile, object: Node | null): boolean {
    return object !== null && POOL_NAME.test(codeOf(file, object))
  }

  /** An object runs what it is made with; a pool is made with settings. */
  function ofNew(file: SourceFile, node: Node, path: string[], frame: Frame | null): Bond[] {
    if (linkedCall(file, node, repository)?.driver != null) return FREE
    const [first, ...rest] = path
    if (first !== undefined) return ofMade(file, node, first, rest, frame)
    const handed: Node[] = node.arguments.filter((each: Node) => !/Literal$/.test(bare(each).type))
    const made = repository.classOf(file, node.callee)
    return [
      ...(made ? [{ ...bond('made', made.file, made.node), made }] : FREE),
      ...handed.flatMap(each => originOf(file, each, [], frame)).filter(({ kind }) => kind !== 'made'),
    ]
  }

  /** What a field or method of a new object gives. */
  function ofMade(file: SourceFile, node: Node, name: string, path: string[], frame: Frame | null): Bond[] {
    let cls = repository.classOf(file, node.callee)
    let object: Frame | null = frame
    let call = node
    let caller = file
    for (let hops = 0; cls && hops < MAX_HOPS; hops++) {
      const members: Node[] = cls.node.body.body
      const made = members.find(each => each.kind === 'constructor' && each.body)
      if (made) object = { file: cls.file, fn: made, call, caller, outer: object, made: cls.node }
      const method = methodOf(name)
      const own = members.find(each => keyName(each) === (method ?? name))
      const isParameter = made?.params.some(
        (each: Node) => each.type === 'TSParameterProperty' && identifierOf(each)?.name === name,
      )
      const at = cls.file
      if (method !== null && own?.type === 'ClassMethod')
        return returnsOf(own).flatMap(each => originOf(at, each, path, object))
      if (method === null && (own || isParameter)) return fieldOf(at, cls.node, node, name, path, object)
      const above: Node | null = cls.node.superClass
      const next = above ? repository.classOf(cls.file, above) : null
      const superCall = made?.body.body.find((each: Node) => each.expression?.callee?.type === 'Super')
      if (made && next && superCall) {
        caller = cls.file
        call = superCall.expression
      }
      cls = next
    }
    return unseen(file, node, [name, ...path])
  }
}

/** `find` of the step `find()` of a path. */
function methodOf(step: string): string | null {
  return step.endsWith('()') ? step.slice(0, -2) : null
}

/** Whether it is a name of the module, or an import. */
function isModules(file: SourceFile, node: Node): boolean {
  const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
  return binding !== null && (binding.kind === 'import' || isOfModule(file, binding))
}

function isOfModule(file: SourceFile, { declaration }: Binding): boolean {
  return !file.bindings.around(declaration).some(isFunction)
}
