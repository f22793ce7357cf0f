/** A relay in a process of its own. */
import { Relay } from '../../../../codemods/runtime/events/relay.js'
import type { Transport } from '../../../../codemods/runtime/events/transport.js'
import { poolOf } from '../../support/database.js'
import { kafkaTransport, reached, settings } from './settings.js'

const { dialect, database, kafka, stopAt } = settings()
const inner = kafkaTransport(kafka)
const transport: Transport = {
  publish: async (topic, messages) => {
    await inner.publish(topic, messages)
    if (stopAt === 'published') await reached('published')
  },
  subscribe: (...all) => inner.subscribe(...all),
  close: () => inner.close(),
}
new Relay({
  pool: poolOf(dialect, database),
  dialect,
  transport,
  interval: 20,
  onError: error => process.stderr.write(`${error}\n`),
})
