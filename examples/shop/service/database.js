import { tracePg } from '@callchain/databases/pg'
import pg from 'pg'

const pool = tracePg(
  new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    idleTimeoutMillis: 0,
    onConnect: (client) => client.query('SET search_path TO callchain_shop'),
  }),
)

/**
 * Runs one statement.
 * @param {string} text with $1, $2, … for the values
 * @param {unknown[]} [values]
 * @returns {Promise<any[]>} its rows
 */
export async function query(text, values) {
  const { rows } = await pool.query(text, values)
  return rows
}

/** Ends every connection. @returns {Promise<void>} */
export function closeDatabase() {
  return pool.end()
}
