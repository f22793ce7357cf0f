import { analyze } from 'seamripper'
import schema from 'seamripper/schemas/map.schema.json' with { type: 'json' }

const map = await analyze({ root: 'shop' })
if (schema.properties.schemaVersion.const !== map.schemaVersion)
  throw new Error('the schema is of another version')
for (const { from, to, table } of map.edges) console.log(`${from} -> ${to}: ${table}`)
