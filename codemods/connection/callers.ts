/**
 * All calls of a function, over all files of the repository: by its name, and by what the linker says that a call runs.
 * What may be a call counts as one; where it can't be seen who calls, that is told.
 */
import { posix } from 'node:path'
import type { Repository } from '../repository/index.js'
import { manifestAbove, readManifest } from '../repository/manifests.js'
import { isFunction } from '../site/bindings.js'
import { imported } from '../site/imported.js'
import type { Node } from '../site/parse.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { type FoundFunction, functionsRun, keyName, linkedCall, nameOf, placeIn } from './functions.js'
import type { Mention, Mentions } from './mentions.js'

export interface Caller {
  file: SourceFile
  call: Node
}

export interface Callers {
  calls: Caller[]
  /** Where it may be called without that being seen, and how; empty where all callers are seen. */
  unseen: { at: string; why: string }[]
}

export type FindCallers = (found: FoundFunction) => Callers

export function callerSearch(repository: Repository): FindCallers {
  const { mentions } = repository
  const known = new Map<Node, Callers>()
  const find: FindCallers = found => {
    const callers = known.get(found.fn) ?? createSearch(found, repository, mentions).run()
    known.set(found.fn, callers)
    return callers
  }
  return find
}

const TYPES_THAT_HOLD_VALUES =
  /^TS(?:As|NonNull|Satisfies|Instantiation)Expression$|^TS(?:TypeAssertion|ParameterProperty|ModuleBlock|ModuleDeclaration|ExportAssignment)$/
/** Where a value goes on from its mention. */
const HANDS_ON =
  /^(?:(?:Optional)?CallExpression|NewExpression|AssignmentExpression|AssignmentPattern|VariableDeclarator|ReturnStatement|ArrayExpression|ObjectProperty|ConditionalExpression|LogicalExpression|SpreadElement|ArrowFunctionExpression|ClassProperty|ExportDefaultDeclaration|AwaitExpression|JSXExpressionContainer|Decorator)$/

function createSearch({ file, fn }: FoundFunction, repository: Repository, mentions: Mentions) {
  const calls = new Map<Node, Caller>()
  /** Calls of what has its name and is taken from an object that the linker can't tell. */
  const takenCalls: (Caller & { from: Node })[] = []
  const unseen: Callers['unseen'] = []
  const around = file.bindings.around(fn)
  const isConstructor = fn.kind === 'constructor'
  const cls = around.findLast(each => /^Class(?:Declaration|Expression)$/.test(each.type)) ?? null
  const isOfClass = cls !== null && !around.slice(around.indexOf(cls) + 1).some(isFunction)
  const ownName = isConstructor ? (cls?.id?.name ?? null) : nameOf(file, fn)
  /** A plain function: one that is called by its own name, and no method or property. */
  const isPlain = !isOfClass && /^(?:FunctionDeclaration|VariableDeclarator)$/.test(holder().type)
  const names = new Set<string>()
  const pending: string[] = []
  let isPutIntoObject = false

  function run(): Callers {
    if (ownName === null) {
      return { calls: [], unseen: [{ at: placeIn(file, fn), why: 'it has no name to find its callers by' }] }
    }
    if (isDefault()) lookForDefault()
    look(ownName)
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      for (const path of mentions.unreadable(name)) tell(`${path}:1`, 'the file does not parse')
      for (const mention of mentions.of(name)) read(mention, name)
    }
    for (const { file, call, from } of takenCalls)
      if (isPutIntoObject || mayHave(file, from)) calls.set(call, { file, call })
    for (const container of containers()) lookForComputed(container)
    const published = publishedBy()
    if (published) unseen.push(published)
    if (calls.size === 0 && unseen.length === 0) {
      tell(placeIn(file, fn), `no call of ${ownName} is seen`)
    }
    return { calls: [...calls.values()], unseen }
  }

  function look(name: string): void {
    if (names.has(name)) return
    names.add(name)
    pending.push(name)
  }

  function tell(at: string, why: string): void {
    if (!unseen.some(each => each.at === at)) unseen.push({ at, why })
  }

  function holder(): Node {
    return fn.type === 'FunctionDeclaration' ? fn : (around.findLast(each => bare(each) !== fn) ?? fn)
  }

  function read(mention: Mention, name: string): void {
    const { file: at, node, around } = mention
    const parent = around.at(-1)!
    if (isInType(around)) return
    if (node.type === 'StringLiteral') {
      const isKey = parent.type === 'MemberExpression' && parent.computed && parent.property === node
      if (isKey) tell(placeIn(at, node), `it is looked up as '${name}'`)
      return
    }
    switch (parent.type) {
      case 'ImportSpecifier':
        if (parent.imported === node && parent.local.name !== name) followLocal(at, parent.local)
        return
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        return
      case 'ExportSpecifier':
        if (parent.local.name === name && parent.exported.name !== name) {
          if (parent.exported.name === 'default') lookForDefault(at)
          else look(parent.exported.name)
        }
        return
      case 'ObjectProperty':
        if (parent.key === node && !parent.computed) {
          readProperty(mention, parent)
          return
        }
        break
      case 'ClassMethod':
      case 'ClassProperty':
      case 'ObjectMethod':
      case 'ClassPrivateMethod':
      case 'ClassPrivateProperty':
        if (parent.key === node && !parent.computed) return
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (parent.id === node) return
        if (isConstructor) readSubclass(at, parent)
        return
      default:
        break
    }
    if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') {
      if (parent.property === node && !parent.computed) readValue(at, parent, true)
      // `Find.name`: what is taken of the function itself, or of the class.
      else if (parent.object === node) readMemberOf(at, node, parent)
      return
    }
    const isTaken = around.at(-2)?.type === 'ObjectPattern' || around.at(-3)?.type === 'ObjectPattern'
    if (!isTaken && isOurs(at, node)) readValue(at, node, false)
  }

  /** `{ find }` of an object or a pattern, `{ find: local }` of a pattern. */
  function readProperty({ file: at, around }: Mention, { value, shorthand }: Node): void {
    if (around.at(-2)?.type !== 'ObjectPattern') {
      if (shorthand && isOurs(at, value)) isPutIntoObject = true
      return
    }
    const local = value.type === 'AssignmentPattern' ? value.left : value
    const binding = local.type === 'Identifier' ? at.bindings.of(local) : null
    for (const { node, around } of binding?.references ?? []) {
      const call = around.at(-1)!
      if (call.callee !== node) readValue(at, node, true)
      else if (mayRun(at, call) !== 'another') takenCalls.push({ file: at, call, from: binding!.declaration })
    }
  }

  /** All uses of a local name that stands for the function. */
  function followLocal(at: SourceFile, local: Node): void {
    for (const { node, around } of at.bindings.of(local)?.references ?? []) {
      if (!isInType(around)) readValue(at, node, false)
    }
  }

  function readMemberOf(at: SourceFile, node: Node, member: Node): void {
    const name = keyName(member)
    if (!isOurs(at, node) || isConstructor) return
    if (name === 'bind') readValue(at, member, false)
    else if (name === 'call' || name === 'apply') tell(placeIn(at, node), `it is called by way of ${name}`)
  }

  /** The function itself, as `find` or as `x.find`. */
  function readValue(at: SourceFile, value: Node, isMember: boolean): void {
    const around = [...at.bindings.around(value)]
    let node = value
    let parent = around.at(-1)!
    while (
      /^TS(?:As|NonNull|Satisfies|Instantiation)Expression$|^ParenthesizedExpression$/.test(parent.type)
    ) {
      node = parent
      around.pop()
      parent = around.at(-1)!
    }
    const isCall = /^(?:OptionalCallExpression|CallExpression|NewExpression)$/.test(parent.type)
    if (isCall && parent.callee === node) {
      if (isConstructor !== (parent.type === 'NewExpression')) return
      const runs = mayRun(at, parent)
      if (runs === 'it' || (runs === 'maybe' && !isMember)) calls.set(parent, { file: at, call: parent })
      else if (runs === 'maybe') takenCalls.push({ file: at, call: parent, from: value.object })
      return
    }
    if (isMember && /^(?:OptionalMemberExpression|MemberExpression)$/.test(parent.type)) {
      const name = keyName(parent)
      if (name === 'call' || name === 'apply') tell(placeIn(at, node), `it is called by way of ${name}`)
      return
    }
    if (
      !HANDS_ON.test(parent.type) ||
      (isMember && !isPutIntoObject && !mayHave(at, bare(value).object ?? value))
    )
      return
    if (isHandedToItsName(parent, node)) return
    tell(placeIn(at, node), 'it is handed on as a value')
  }

  /** `module.exports.find = find`, `exports = { find }`, `{ find: find }`: calls of it have a name that is looked for. */
  function isHandedToItsName(parent: Node, node: Node): boolean {
    if (parent.type === 'AssignmentExpression') {
      const name = parent.left.type === 'MemberExpression' ? keyName(parent.left) : null
      if (parent.left === node) return true
      if (name === null) return false
      if (name === 'exports' || name === 'default') {
        lookForDefault()
        return true
      }
      isPutIntoObject = true
      look(name)
      return true
    }
    if (parent.type === 'ObjectProperty') {
      const name = parent.computed ? null : keyName(parent)
      if (name === null || parent.value !== node) return false
      isPutIntoObject = true
      look(name)
      return true
    }
    if (parent.type === 'VariableDeclarator' && parent.init === node && parent.id.type === 'Identifier') {
      look(parent.id.name)
      return true
    }
    if (parent.type === 'ExportDefaultDeclaration') {
      lookForDefault()
      return true
    }
    return false
  }

  /** A class that extends the one of the constructor: calls it by `super`, or hands on what it is made with. */
  function readSubclass(at: SourceFile, subclass: Node): void {
    const own = subclass.body.body.find((each: Node) => each.kind === 'constructor' && each.body)
    if (!own) {
      if (subclass.id) look(subclass.id.name)
      else tell(placeIn(at, subclass), 'a class without a name extends it')
      return
    }
    for (const statement of own.body.body as Node[]) {
      const call = statement.expression
      if (call?.type === 'CallExpression' && call.callee.type === 'Super') calls.set(call, { file: at, call })
    }
  }

  /** Whether a call that has its name may run it. */
  function mayRun(at: SourceFile, call: Node): 'it' | 'maybe' | 'another' {
    const linked = linkedCall(at, call, repository)
    if (linked === null) return 'maybe'
    const found = functionsRun(linked, repository)
    if (found.some(each => each?.fn === fn)) return 'it'
    if (linked.isOpen || found.includes(null)) return 'maybe'
    return found.length === 0 && linked.driver === null ? 'maybe' : 'another'
  }

  /** Whether a name outside of members means what is looked for. */
  function isOurs(at: SourceFile, node: Node): boolean {
    const binding = at.bindings.of(node)
    if (!binding) return false
    if (binding.kind === 'import') return true
    if (at !== file) return requires(binding.declaration)
    const { declaration } = binding
    return (
      declaration === fn ||
      declaration === cls ||
      (declaration.init && bare(declaration.init) === fn) ||
      (binding.kind !== 'param' && names.has(binding.name) && requires(declaration))
    )
  }

  /** Whether an object may have it, as its method or, being a module, as its export. */
  function mayHave(at: SourceFile, object: Node): boolean {
    if (isPlain) return isModule(at, object)
    if (object.type === 'ThisExpression') {
      const around = at.bindings.around(object).findLast(each => /^Class(?:Decl|Expr)/.test(each.type))
      return !around || isOfOwnClass(around)
    }
    const binding = object.type === 'Identifier' ? at.bindings.of(object) : null
    const declared =
      binding?.kind === 'import'
        ? imported(at, binding, repository)
        : binding && { file: at, node: binding.declaration }
    if (!declared) return true
    const { node } = declared
    const value = bare(node.type === 'VariableDeclarator' ? (node.init ?? node) : node)
    if (/^Class(?:Decl|Expr)/.test(value.type)) return isOfOwnClass(value)
    if (value.type === 'ObjectExpression')
      return around.includes(value) || value.properties.some((each: Node) => each.type === 'SpreadElement')
    if (value.type !== 'NewExpression' || value.callee.type !== 'Identifier') return true
    const made = declared.file.bindings.of(value.callee)
    const cls =
      made?.kind === 'import'
        ? imported(declared.file, made, repository)?.node
        : made?.kind === 'class'
          ? made.declaration
          : null
    return !cls || !/^Class(?:Decl|Expr)/.test(cls.type) || isOfOwnClass(cls)
  }

  /** Whether an object of a class may have the method. */
  function isOfOwnClass(other: Node): boolean {
    return other === cls || other.superClass != null
  }

  /** Whether an object is a module, or a variable that one is taken into. */
  function isModule(at: SourceFile, object: Node): boolean {
    if (object.type === 'VariableDeclarator') return requires(object)
    const binding = object.type === 'Identifier' ? at.bindings.of(object) : null
    if (binding?.kind !== 'import') return binding !== null && requires(binding.declaration)
    const declared = imported(at, binding, repository)
    const value = declared?.node.init ?? declared?.node
    // An object has it only if it was put there.
    return !value || !/^Class(?:Decl|Expr)|^ObjectExpression$|^NewExpression$/.test(bare(value).type)
  }

  function requires(declaration: Node): boolean {
    const init = declaration.type === 'VariableDeclarator' ? declaration.init : null
    const call = init?.type === 'AwaitExpression' ? init.argument : init
    const callee = call?.type === 'MemberExpression' ? call.object : call
    return (
      callee?.type === 'CallExpression' &&
      (callee.callee.name === 'require' || callee.callee.type === 'Import')
    )
  }

  function isDefault(): boolean {
    const target = isConstructor ? cls : fn
    return file.bindings.around(target!).at(-1)?.type === 'ExportDefaultDeclaration'
  }

  /** Names that files give the default export of one. */
  function lookForDefault(of: SourceFile = file): void {
    const base = posix.basename(of.path).replace(/\.[cm]?[jt]sx?$/, '')
    const word = base === 'index' ? posix.basename(posix.dirname(of.path)) : base
    for (const { path, kind } of repository.workspace.files) {
      if (kind !== 'source' || !repository.textOf(path)?.includes(word)) continue
      const importer = repository.sourceOf(path)
      for (const statement of (importer?.program.body ?? []) as Node[]) {
        const named = (statement.specifiers ?? []).filter(
          (each: Node) =>
            each.type === 'ImportDefaultSpecifier' ||
            each.imported?.name === 'default' ||
            each.local?.name === 'default',
        )
        if (named.length === 0 || !statement.source) continue
        if (repository.resolve(path, statement.source.value) !== of.path) continue
        for (const each of named) look((each.exported ?? each.local).name)
      }
    }
  }

  /** Names of objects that it is a property of, through which it could be called by a name that is made. */
  function containers(): string[] {
    const object = around.findLast(each => each.type === 'ObjectExpression')
    const variable = object && file.bindings.around(object).findLast(each => bare(each) !== object)
    return variable?.type === 'VariableDeclarator' && variable.id.type === 'Identifier'
      ? [variable.id.name]
      : []
  }

  function lookForComputed(container: string): void {
    for (const { file: at, node, around } of mentions.of(container)) {
      const parent = around.at(-1)!
      const isComputed = parent.type === 'MemberExpression' && parent.computed && parent.object === node
      if (isComputed) tell(placeIn(at, node), `it may be looked up as \`${codeOf(at, parent).slice(0, 40)}\``)
    }
  }

  /** A package that is published has callers that are not here. */
  function publishedBy(): { at: string; why: string } | null {
    const { root } = repository.workspace
    const manifest = manifestAbove(root, file.path, 'package.json')
    const value = manifest === null ? null : readManifest(root, manifest)
    const isPublished =
      value !== null && value.private !== true && ('publishConfig' in value || Array.isArray(value.files))
    const isExported = !isPlain || around.some(each => /^Export/.test(each.type))
    return isPublished && isExported
      ? { at: `${manifest}:1`, why: `${value.name} is published, and may be called from outside` }
      : null
  }

  return { run }
}

function isInType(around: Node[]): boolean {
  return around.some(({ type }) => type.startsWith('TS') && !TYPES_THAT_HOLD_VALUES.test(type))
}
