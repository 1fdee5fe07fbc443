import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import pg from 'pg'

const slowProduct = 'garden-gnome'
const slowMs = Number(process.env.SLOW_MS ?? 800)
const sampleMovements = 100
const mostMovements = 400_000

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
 * story is the same on a fast one. Reading takes a table scan for each movement, so its time grows
 * in step with them.
 * @param {pg.Client} client
 */
async function slowDown(client) {
  await addMovements(client, sampleMovements)
  const wanted = Math.ceil((sampleMovements * slowMs) / (await timeToRead(client)))
  await addMovements(client, Math.min(wanted, mostMovements) - sampleMovements)
}

/**
 * @param {pg.Client} client
 * @param {number} count
 */
async function addMovements(client, count) {
  await client.query(
    'INSERT INTO movements (sku, quantity) SELECT $1, 1000 FROM generate_series(1, $2)',
    [slowProduct, count],
  )
}

/**
 * The best of some: the first run also pays for the plan, and the machine may be busy.
 * @param {pg.Client} client
 */
async function timeToRead(client) {
  const times = []
  for (let run = 0; run < 5; run += 1) {
    const start = performance.now()
    await client.query('SELECT available FROM stock_level WHERE sku = $1', [slowProduct])
    times.push(performance.now() - start)
  }
  return Math.min(...times)
}
