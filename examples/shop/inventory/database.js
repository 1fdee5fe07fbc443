import pg from 'pg'
import { traceQuery } from './trace-query.js'

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_CONNECTIONS ?? 10),
  idleTimeoutMillis: 0,
  onConnect: (client) => client.query('SET search_path TO callchain_shop'),
})

/**
 * Runs one statement.
 * @param {string} text with $1, $2, … for the values
 * @param {unknown[]} [values]
 * @returns {Promise<any[]>} its rows
 */
export async function query(text, values) {
  const { rows } = await traceQuery({ system: 'postgresql', text }, () => pool.query(text, values))
  return rows
}

/**
 * Runs one statement, or a script of many, without a span.
 * @param {string} text
 * @param {unknown[]} [values]
 */
export async function prepare(text, values) {
  await pool.query(text, values)
}

/** Ends every connection. @returns {Promise<void>} */
export function closeDatabase() {
  return pool.end()
}
