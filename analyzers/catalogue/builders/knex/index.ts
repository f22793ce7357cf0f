/** Calls of knex's schema builder, as the DDL that they write: as far as their code tells. */
import type { CallExpression, Node, Program } from '@oxc-project/types'
import { methodCalls } from '../calls.js'
import { type BuilderCall, ddlOf } from '../ddl.js'
import type { TextOf } from '../literals.js'
import { readTable } from './table.js'

const METHODS = /^(?:createTable(?:IfNotExists)?|(?:alterT|t)able|dropTable(?:IfExists)?|renameTable)$/
const CREATES = /^create/

/** @returns calls in the order in which they run */
export function readKnexSchema(program: Program, textOf: TextOf): BuilderCall[] {
  return methodCalls(program, METHODS).flatMap(({ call, object, method, at, isUndone }): BuilderCall[] => {
    const builder = builderOf(object, textOf)
    const name = textAt(call, 0)
    if (builder === null || name === null) return []
    const table = { schema: builder.schema, name }
    const changes = call.arguments[1] ? readTable(call.arguments[1], name, textOf) : null
    const sql = ddlOf(
      method,
      table,
      () => textAt(call, 1),
      () => changes,
    )
    return [{ at, isUndone, table, creates: CREATES.test(method), sql }]
  })

  function textAt(call: CallExpression, index: number): string | null {
    const argument = call.arguments[index]
    return argument ? textOf(argument) : null
  }
}

/** `knex.schema`, `knex.schema.withSchema('app')`, either behind other calls of it; null for anything else. */
function builderOf(node: Node, textOf: TextOf): { schema: string | null } | null {
  let schema: string | null = null
  for (let at = node; ; ) {
    if (at.type === 'MemberExpression')
      return at.property.type === 'Identifier' && at.property.name === 'schema' ? { schema } : null
    if (at.type !== 'CallExpression' || at.callee.type !== 'MemberExpression') return null
    const { object, property } = at.callee
    if (property.type === 'Identifier' && property.name === 'withSchema') {
      schema ??= at.arguments[0] ? textOf(at.arguments[0]) : null
      if (schema === null) return null
    }
    at = object
  }
}
