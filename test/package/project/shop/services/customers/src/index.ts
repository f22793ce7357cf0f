import mysql from 'mysql2/promise'

const pool = mysql.createPool({ host: 'db', database: 'shop' })

export const customers = () => pool.query('SELECT id, name FROM customers')
