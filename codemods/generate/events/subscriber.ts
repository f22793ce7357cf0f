/** `events/subscribe.ts` of the owner: which operation each type of event runs. */
import type { Operation } from '../../operation.js'
import type { ImportExtension } from '../file.js'
import { docComment, HEADER, quoted } from '../text.js'
import { topicOf } from './names.js'
import { typeOf } from './publisher.js'

export interface SubscriberInput {
  owner: string
  /** Operations that have a type of event. */
  operations: Operation[]
  services: string[]
  extension: ImportExtension
}

export function subscriberFile({ owner, operations, services, extension }: SubscriberInput): string {
  const { dialect } = operations[0]!
  const [module, database, type] =
    dialect === 'mysql' ? ['database-mysql2', 'mysqlDatabase', 'Mysql2'] : ['database-pg', 'pgDatabase', 'Pg']
  const names = operations.map(({ name }) => name)
  return `${HEADER}import { ${database}, type ${type} } from '../${module}${extension}'
${names.map(name => `import { ${name} } from '../operations/${name}${extension}'\n`).join('')}import type { Connection, Pool } from '../runtime/events/database${extension}'
import { Inbox, Refused } from '../runtime/events/inbox${extension}'
import type { Transport } from '../runtime/events/transport${extension}'
import { type OperationSpec, readParameters, render } from '../server${extension}'

${docComment('By type of event.')}const handlers = {
${operations.map(operation => `  ${quoted(typeOf(operation))}: handler(${operation.name}),\n`).join('')}}

${docComment(`Applies the events for ${owner}, each once. Its table is in migrations/inbox.sql.`)}export async function subscribe(
  transport: Transport,
  pool: Pool,
  onError: (error: unknown) => void = console.error,
): Promise<void> {
  const inbox = new Inbox({ pool, dialect: ${quoted(dialect)}, handlers, onError })
  await transport.subscribe(${quoted(topicOf(owner, services))}, ${quoted(owner)}, message => inbox.receive(message))
}

function handler(operation: OperationSpec) {
  return async (connection: Connection, data: Record<string, unknown>): Promise<void> => {
    const given = readParameters(operation, data)
    if (typeof given === 'string') throw new Refused(given)
    const database = ${database}(connection as unknown as ${type})
    await database.run(operation, render(operation.statement(given), database.placeholder))
  }
}
`
}
