/** The owner's side in a process of its own: applies what comes. */
import { run } from '../../../../codemods/runtime/events/database.js'
import { Inbox } from '../../../../codemods/runtime/events/inbox.js'
import { poolOf } from '../../support/database.js'
import { kafkaTransport, reached, settings } from './settings.js'

const { dialect, database, kafka, stopAt } = settings()
const inbox = new Inbox({
  pool: poolOf(dialect, database),
  dialect,
  handlers: {
    'billing.charge.created': (connection, { code }) =>
      run(connection, dialect, 'INSERT INTO charges (code) VALUES (?)', [code]),
  },
  onError: error => process.stderr.write(`${error}\n`),
})
await kafkaTransport(kafka).subscribe('billing.events', 'billing-service', async message => {
  await inbox.receive(message)
  if (stopAt === 'applied') await reached('applied')
})
