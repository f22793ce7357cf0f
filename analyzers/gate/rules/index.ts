/**
 * The rules of the gate. A new one is a file that exports `rule`, and an entry here. Where several forbid the same
 * use, the most severe names it, of equal ones the first: so the more special rule stands first, here and in the names.
 */
import { type RuleName, ruleNames } from '../../workspace/gate-names.js'
import { rule as foreignKey } from './foreign-key.js'
import { rule as join } from './join.js'
import { rule as migration } from './migration.js'
import { rule as noDatabase } from './no-database.js'
import { rule as read } from './read.js'
import type { Rule } from './rule.js'
import { rule as separated } from './separated.js'
import { rule as transaction } from './transaction.js'
import { rule as unowned } from './unowned-table.js'
import { rule as unresolved } from './unresolved-table.js'
import { rule as write } from './write.js'

export type { Rule, ServiceFlags } from './rule.js'

/** All rules by the name that the config takes. */
export const rules = {
  'separated-service': separated,
  'no-database': noDatabase,
  'cross-service-transaction': transaction,
  'cross-service-write': write,
  'cross-service-join': join,
  'cross-service-read': read,
  'cross-service-foreign-key': foreignKey,
  'cross-service-migration': migration,
  'unowned-table': unowned,
  'unresolved-table': unresolved,
} satisfies Record<RuleName, Rule>

export { type RuleName, ruleNames }
