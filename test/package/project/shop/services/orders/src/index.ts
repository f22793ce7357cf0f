import mysql from 'mysql2/promise'

const pool = mysql.createPool({ host: 'db', database: 'shop' })

export async function orderWithCustomer(id: number) {
  const [rows] = await pool.query(
    'SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = ?',
    [id],
  )
  return rows
}

export const addOrder = (customer: number) =>
  pool.execute('INSERT INTO orders (customer_id) VALUES (?)', [customer])
