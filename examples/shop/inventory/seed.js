import { readFile } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { prepare } from './database.js'

const slowProduct = 'garden-gnome'
const slowEnoughMs = 500
const targetMs = 650
const mostMovements = 100_000

/**
 * Fills the database. The slow product gets as many movements as it takes to be slow on this
 * machine, so that the story is the same on a fast one.
 * @param {{ withIndex: boolean }} options withIndex: with the index that makes it fast
 */
export async function seed({ withIndex }) {
  await prepare(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'))
  let movements = 200
  let ms = await timeToRead()
  while (ms < slowEnoughMs && movements < mostMovements) {
    const more = Math.ceil(movements * Math.min(targetMs / ms - 1, 20))
    await addMovements(more)
    movements += more
    ms = await timeToRead()
  }
  if (withIndex) {
    await prepare('CREATE INDEX returns_by_movement ON returns (movement_id)')
  }
}

/** The best of three: the first run also pays for the plan, and the machine may be busy. */
async function timeToRead() {
  return Math.min(await readOnce(), await readOnce(), await readOnce())
}

async function readOnce() {
  const start = performance.now()
  await prepare('SELECT available FROM stock_level WHERE sku = $1', [slowProduct])
  return performance.now() - start
}

/** @param {number} count */
async function addMovements(count) {
  await prepare(
    'INSERT INTO movements (sku, quantity) SELECT $1, 1000 FROM generate_series(1, $2)',
    [slowProduct, count],
  )
}
