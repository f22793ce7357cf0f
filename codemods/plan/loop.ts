/** What a call in a loop becomes, for people. */
import { placeIn } from '../connection/functions.js'
import { loopAround } from '../site/loop.js'
import type { Node } from '../site/parse.js'
import type { SourceFile } from '../site/source-file.js'

/**
 * @param isWrite only reads of one tick share a request
 * @returns null where the call is in no loop
 */
export function callsInLoop(file: SourceFile, call: Node, isWrite: boolean): string | null {
  const loop = loopAround(file, call)
  if (!loop) return null
  const place = `each round of the \`${loop.word}\` at ${placeIn(file, loop.node)}`
  if (isWrite) return `${place} makes a call over the network`
  return loop.isTogether
    ? `${place} makes a call over the network; those of one tick go in one request`
    : `${place} makes a call over the network; begun together (\`Promise.all\`) they would go in one request`
}
