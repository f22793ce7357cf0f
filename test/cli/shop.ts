import { folderWith } from './run.js'

/** A monorepo of two services on one MySQL database; `orders` joins a table of `customers`. */
export const SHOP = {
  'package.json': '{ "name": "shop", "private": true, "workspaces": ["services/*"] }',
  'services/customers/package.json':
    '{ "name": "customers", "dependencies": { "mysql2": "3" }, "scripts": { "start": "node src/index.ts" } }',
  'services/customers/migrations/V1__customers.sql':
    'CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(80));\n',
  'services/customers/src/index.ts': `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ host: 'db', database: 'shop' })
export const rename = (id: number, name: string) =>
  pool.query('UPDATE customers SET name = ? WHERE id = ?', [name, id])
`,
  'services/orders/package.json':
    '{ "name": "orders", "dependencies": { "mysql2": "3" }, "scripts": { "start": "node src/index.ts" } }',
  'services/orders/migrations/V1__orders.sql':
    'CREATE TABLE orders (\n  id INT PRIMARY KEY,\n  customer_id INT,\n  FOREIGN KEY (customer_id) REFERENCES customers (id)\n);\n',
  'services/orders/src/index.ts': `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ host: 'db', database: 'shop' })
export async function list(table: string) {
  const [rows] = await pool.query(
    \`SELECT o.id, c.name
     FROM orders o JOIN customers c ON c.id = o.customer_id\`,
  )
  await pool.query('SELECT * FROM ' + table)
  return rows
}
`,
}

/** Writes it to a new folder, with `more` files. */
export function shop(more: Record<string, string> = {}): string {
  return folderWith({ ...SHOP, ...more })
}
