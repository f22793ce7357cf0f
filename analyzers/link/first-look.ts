/** What a thread finds out when it is the first to look at a source file: its scan, and its facts if these matter. */
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import { type ModuleScan, scanModule } from './imports.js'
import { type FileScan, scanFile } from './scan.js'

/** A source file that is looked at. */
export interface Seen {
  path: string
  source: string
  /** Its facts are wanted whatever the text tells. */
  isWanted: boolean
}

/** What the text tells, and the facts of a file that matters. */
export interface FirstLook {
  scan: FileScan
  module: ModuleScan
  facts: FileFacts | null
}

export function lookAt({ path, source, isWanted }: Seen): FirstLook {
  const scan = scanFile(path, source)
  const facts = isWanted || scan.touchesSql ? extractFacts(path, source) : null
  return { scan, module: scanModule(source), facts }
}
