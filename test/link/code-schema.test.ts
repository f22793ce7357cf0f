import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const UP = "await knex.raw('CREATE TABLE orders (id int)')"
const DOWN = "await knex.raw('DROP TABLE orders')"

/** What takes a migration back is no part of the schema, however it is exported. */
test.each([
  [
    'export function',
    `export async function up(knex) { ${UP} }\nexport async function down(knex) { ${DOWN} }`,
  ],
  [
    'export const',
    `export const up = async knex => { ${UP} }\nexport const down = async knex => { ${DOWN} }`,
  ],
  [
    'exports.x',
    `exports.up = async function (knex) { ${UP} }\nexports.down = async function (knex) { ${DOWN} }`,
  ],
  [
    'module.exports.x',
    `module.exports.up = async knex => { ${UP} }\nmodule.exports.down = async knex => { ${DOWN} }`,
  ],
  ['module.exports', `module.exports = { async up(knex) { ${UP} }, down: async knex => { ${DOWN} } }`],
  [
    'a map of names',
    `const up = async knex => { ${UP} }\nconst down = async knex => { ${DOWN} }\nmodule.exports = { up, down }`,
  ],
  ['export default', `export default { up: async knex => { ${UP} }, down: async knex => { ${DOWN} } }`],
  ['a class', `export class Orders1 { async up(knex) { ${UP} }\n async down(knex) { ${DOWN} } }`],
])('undone by %s', async (_, text) => {
  const map = await mapOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node .' },
      dependencies: { knex: '3', pg: '8' },
    }),
    'migrations/1_orders.js': text,
    'src/a.js': "const knex = require('knex')({ client: 'pg' })\nknex.raw('SELECT id FROM orders')\n",
  })
  expect(map.tables.map(({ id, evidence }) => `${id} ${evidence.map(each => each.reason)}`)).toEqual([
    'default/orders created by a script of shop',
  ])
})
