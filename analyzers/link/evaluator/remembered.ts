/**
 * Functions that remember what they found, by what they were asked: `cache.get(file) ?? load(file)`, with a
 * `cache.set(file, loaded)`. What the cache gives is what they find, which is seen where they find it: the cache itself, seen
 * from no call, would only tell what is common to all calls.
 */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'

/** What a value may be, without what a Map of the module gives that others of these are put into. */
export function withoutRemembered(facts: FileFacts, ids: NodeId[]): NodeId[] {
  if (ids.length < 2 || !ids.some(id => mapAsked(facts, id))) return ids
  const found = new Set(ids.map(id => itself(facts, id)))
  const left = ids.filter(id => !valuesOfMap(facts, id).some(value => found.has(value)))
  return left.length > 0 ? left : ids
}

/** A value as it was before a call got it. */
function itself(facts: FileFacts, id: NodeId): NodeId {
  let at = id
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const node = facts.nodes[at]
    if (node.kind === 'grown' || node.kind === 'awaited' || (node.kind === 'typed' && node.of !== null))
      at = node.of!
    else break
  }
  return at
}

const MAX_DEPTH = 10
const MAX_PUT = 40

/** For `map.get(key)` of something that the module declares: its name. */
function mapAsked(facts: FileFacts, id: NodeId): string | null {
  const call = facts.nodes[itself(facts, id)]
  const callee = call.kind === 'call' ? facts.nodes[call.callee] : null
  const map = callee?.kind === 'member' && callee.name === 'get' ? untyped(facts, callee.of) : null
  return map?.kind === 'variable' && Object.hasOwn(facts.variables, map.name) ? map.name : null
}

/** For such a call: what is put into the map. */
function valuesOfMap(facts: FileFacts, id: NodeId): NodeId[] {
  const map = mapAsked(facts, id)
  const values: NodeId[] = []
  let node = map === null ? null : untyped(facts, facts.variables[map])
  for (let count = 0; node?.kind === 'assign' && count < MAX_PUT; count++) {
    values.push(itself(facts, node.value))
    node = untyped(facts, node.of)
  }
  return values
}
