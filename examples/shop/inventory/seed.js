import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import pg from 'pg'

const slowProduct = 'garden-gnome'
const slowEnoughMs = 500
const targetMs = 650
const mostMovements = 100_000

/**
 * Fills the database, over a connection of its own that nobody traces.
 * @param {{ withIndex: boolean }} options withIndex: with the index that makes the slow product fast
 */
export async function seed({ withIndex }) {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await client.connect()
  try {
    await client.query(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'))
    await slowDown(client)
    if (withIndex) {
      await client.query('CREATE INDEX returns_by_movement ON returns (movement_id)')
    }
  } finally {
    await client.end()
  }
}

/**
 * Gives the slow product as many movements as it takes to be slow on this machine, so that the
 * story is the same on a fast one.
 * @param {pg.Client} client
 */
async function slowDown(client) {
  let movements = 200
  let ms = await timeToRead(client)
  while (ms < slowEnoughMs && movements < mostMovements) {
    const more = Math.ceil(movements * Math.min(targetMs / ms - 1, 20))
    await client.query(
      'INSERT INTO movements (sku, quantity) SELECT $1, 1000 FROM generate_series(1, $2)',
      [slowProduct, more],
    )
    movements += more
    ms = await timeToRead(client)
  }
}

/**
 * The best of three: the first run also pays for the plan, and the machine may be busy.
 * @param {pg.Client} client
 */
async function timeToRead(client) {
  const times = []
  for (let run = 0; run < 3; run += 1) {
    const start = performance.now()
    await client.query('SELECT available FROM stock_level WHERE sku = $1', [slowProduct])
    times.push(performance.now() - start)
  }
  return Math.min(...times)
}
