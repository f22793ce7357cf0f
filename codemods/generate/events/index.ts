/** The files of services that publish events, or apply them. */
import type { Operation } from '../../operation.js'
import { clientNames } from '../client/names.js'
import { copied } from '../copied.js'
import type { GeneratedFile, ImportExtension } from '../file.js'
import { asyncapi } from './asyncapi.js'
import { publisherFile } from './publisher.js'
import { subscriberFile } from './subscriber.js'

export interface EventService {
  name: string
  /** `microservices/billing-service/src/seamripper`. */
  folder: string
  extension: ImportExtension
}

const COMMON = [
  'context.ts',
  'events/database.ts',
  'events/event.ts',
  'events/kafka.ts',
  'events/memory.ts',
  'events/transport.ts',
]
const PUBLISHING = ['dates.ts', 'parameters.ts', 'events/outbox.ts', 'events/relay.ts']
const APPLYING = ['events/inbox.ts']

/** @param services names of all services of the repository */
export function eventFiles(
  service: EventService,
  operations: Operation[],
  services: string[],
): GeneratedFile[] {
  const { name, folder, extension } = service
  const isEvent = (use: Operation['uses'][number]): boolean => use.strategy === 'event'
  const events = operations.filter(({ uses }) => uses.some(isEvent))
  const applied = events.filter(({ owner }) => owner === name)
  const published = events
    .map(operation => ({
      ...operation,
      uses: operation.uses.filter(use => isEvent(use) && use.service === name),
    }))
    .filter(({ uses }) => uses.length > 0)
  if (applied.length === 0 && published.length === 0) return []
  const owners = [...new Set(published.map(({ owner }) => owner))]
  const runtime = [
    ...COMMON,
    ...(published.length > 0 ? PUBLISHING : []),
    ...(applied.length > 0 ? APPLYING : []),
  ]
  const migration = (table: string, { dialect }: Operation) => ({
    path: `${folder}/migrations/${table}.sql`,
    text: copied(`events/${table}.${dialect}.sql`, extension),
  })
  return [
    ...owners.map(owner => ({
      path: `${folder}/events/${clientNames(owner, services).file}.ts`,
      text: publisherFile({
        service: name,
        owner,
        operations: published.filter(operation => operation.owner === owner),
        services,
        extension,
      }),
    })),
    ...published.slice(0, 1).map(operation => migration('outbox', operation)),
    ...applied.slice(0, 1).flatMap(operation => [
      {
        path: `${folder}/events/subscribe.ts`,
        text: subscriberFile({ owner: name, operations: applied, services, extension }),
      },
      migration('inbox', operation),
    ]),
    { path: `${folder}/asyncapi.json`, text: asyncapi(name, published, applied, services) },
    ...runtime.map(file => ({ path: `${folder}/runtime/${file}`, text: copied(file, extension) })),
  ]
}
