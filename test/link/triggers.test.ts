/** Triggers that touch tables of another service: no statement of the code tells of them. */
import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

const CLIENTS = {
  pg: "const { Pool } = require('pg')\nconst pool = new Pool({ database: 'shop' })",
  mysql2: "const mysql = require('mysql2/promise')\nconst pool = mysql.createPool({ database: 'shop' })",
}

/** A service that reads its table, and its migration. */
const service = (client: keyof typeof CLIENTS, name: string, script: string) => ({
  [`services/${name}/package.json`]: JSON.stringify({ name, dependencies: { [client]: '8' } }),
  [`services/${name}/Dockerfile`]: 'FROM node\n',
  [`services/${name}/migrations/1.sql`]: script,
  [`services/${name}/a.js`]: `${CLIENTS[client]}\npool.query('SELECT 1 FROM ${name}')\n`,
})

test('a trigger is told where it is made, with what its body or its routine touches', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*'] }),
    ...service('pg', 'stock', 'CREATE TABLE stock (id INT PRIMARY KEY, reserved INT);'),
    ...service(
      'pg',
      'orders',
      `CREATE TABLE orders (id INT PRIMARY KEY);
CREATE TABLE changes (id INT);
CREATE FUNCTION reserve() RETURNS trigger AS $$ BEGIN UPDATE stock SET reserved = 1; RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER on_order AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION reserve();
CREATE FUNCTION note() RETURNS trigger AS $$ BEGIN INSERT INTO changes VALUES (1); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER on_change AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note();
`,
    ),
  })
  expect(
    map.schemaStatements.map(({ file, line, verb, tables }) => [
      `${file}:${line}`,
      verb,
      tables.map(({ op, id, crossService }) => `${op} ${id}${crossService ? ' !' : ''}`).join(', '),
    ]),
  ).toEqual([['services/orders/migrations/1.sql:4', 'CREATE TRIGGER', 'ddl shop/orders, write shop/stock !']])
})

test('a trigger with a body of its own', async () => {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['services/*'] }),
    ...service('mysql2', 'stock', 'CREATE TABLE stock (id INT PRIMARY KEY, reserved INT);'),
    ...service(
      'mysql2',
      'orders',
      `CREATE TABLE orders (id INT PRIMARY KEY);
DELIMITER //
CREATE TRIGGER on_order AFTER INSERT ON orders FOR EACH ROW BEGIN
  UPDATE stock SET reserved = reserved + 1 WHERE id = NEW.id;
END//
DELIMITER ;
`,
    ),
  })
  expect(map.schemaStatements.map(({ line, verb }) => `${line} ${verb}`)).toEqual(['3 CREATE TRIGGER'])
})
