/** What verifying one unit needs. */
import type { AloneUse, Operation } from '../operation.js'
import type { AccessPlan } from '../plan/plan.js'
import type { Repository } from '../repository/index.js'
import type { Scratch } from './databases.js'
import type { FormerCode } from './former.js'
import type { Compiled } from './generated.js'
import type { Row } from './rows.js'
import type { Unit } from './units.js'

export interface VerifyOptions {
  operations: Operation[]
  /** Call sites that call no one. */
  alone?: AloneUse[]
  repository: Repository
  /** What is planned for call sites that are in the code still: their statements are read anew from it. */
  planned?: AccessPlan[]
  /** Where the others stood before they were rewritten. */
  former?: FormerCode
  /** Server of MySQL or MariaDB on which databases may be made; null where there is none. */
  mysqlUrl: string | null
  /** Rows of all tables, in the place of those that are made for each operation. */
  rows?: Row[]
  onProgress?: (stage: string, done: number, total: number) => void
}

export interface Task extends Unit {
  /** Generated files, as text and as code. */
  files: Map<string, string>
  compiled: Compiled
  /** Databases of this run so far. */
  scratches: Map<string, Scratch>
  options: VerifyOptions
}
