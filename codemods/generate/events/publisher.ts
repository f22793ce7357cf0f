/** `events/<owner>.ts` of a service that publishes: one typed function for each event. */
import type { Operation } from '../../operation.js'
import { driverOf, encoders, inputInterface, statementText } from '../client/client.js'
import type { ImportExtension } from '../file.js'
import { docComment, HEADER, quoted } from '../text.js'
import { publisherName, publisherOf, topicOf } from './names.js'

/** Version of an event's data. */
export const DATA_VERSION = '1'

export interface PublisherInput {
  /** Service that publishes. */
  service: string
  owner: string
  /** Operations of one owner, each with the uses of this service that became events: at least one. */
  operations: Operation[]
  /** Names of all services. */
  services: string[]
  extension: ImportExtension
}

export function publisherFile({ service, owner, operations, services, extension }: PublisherInput): string {
  const hasParameters = operations.some(({ parameters }) => parameters.length > 0)
  const topic = topicOf(owner, services)
  return [
    HEADER,
    `import type { Connection } from '../runtime/events/database${extension}'\n`,
    `import { Outbox } from '../runtime/events/outbox${extension}'\n`,
    hasParameters ? `import * as parameters from '../runtime/parameters${extension}'\n` : '',
    `\nconst outbox = new Outbox(${quoted(service)}, ${driverOf(operations[0]!)})\n`,
    ...operations.map(operation => `\n${inputInterface(titleOf(operation), operation)}`),
    '\n',
    docComment(
      `Events for ${owner}, which applies them. Hand over the connection of the transaction that they belong to: they are written with it.`,
    ),
    `export const ${publisherName(owner, services)} = {\n`,
    operations.map(method).join('\n'),
    '}\n\nconst events = {\n',
    ...operations.map(operation => definition(operation, topic, driverOf(operations[0]!))),
    '}\n',
  ].join('')
}

function method(operation: Operation): string {
  const name = publisherOf(typeOf(operation))
  const comment = docComment(`${typeOf(operation)}\n\n${statementText(operation.statement)}`, '  ')
  return `${comment}  ${name}(connection: Connection, values: ${titleOf(operation)}): Promise<string> {
    return outbox.publish(connection, events.${name}, values)
  },
`
}

function definition(operation: Operation, topic: string, common: string): string {
  const driver = driverOf(operation)
  return `  ${publisherOf(typeOf(operation))}: {
    type: ${quoted(typeOf(operation))},
    version: ${quoted(DATA_VERSION)},
    topic: ${quoted(topic)},
    key: ${quoted(keyOf(operation))},
${encoders(operation)}${driver === common ? '' : `    driver: ${driver} as const,\n`}  },
`
}

/** Writes to the same table are applied in the order in which they were made. */
function keyOf({ tables }: Operation): string {
  return [...tables].sort().join(' ')
}

export function typeOf({ event, name }: Operation): string {
  if (event === null || !/^[\w-]+(\.\w+){2}$/.test(event)) throw new Error(`${name} has no type of event`)
  return event
}

function titleOf(operation: Operation): string {
  const name = publisherOf(typeOf(operation))
  return name.charAt(0).toUpperCase() + name.slice(1)
}
