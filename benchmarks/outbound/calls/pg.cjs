// The embedded Postgres takes 20 connections, and there is a process for each cell.
exports.atOnce = 2

/** A statement with one parameter and five rows, through a pool of pg. */
exports.open = async (connectionString, wraps, { stream } = {}) => {
  const { Pool } = require('pg')
  const plain = new Pool({ connectionString, max: exports.atOnce, idleTimeoutMillis: 0, stream })
  const pool = wraps ? require('@callchain/databases/pg').tracePg(plain) : plain
  let order = 0
  return {
    async call() {
      order = (order + 1) % 20
      const { rows } = await pool.query(
        'SELECT id, name, price FROM benchmark_items WHERE order_id = $1 ORDER BY id',
        [order],
      )
      if (rows.length !== 5) throw new Error(`pg: ${rows.length} rows`)
    },
  }
}
