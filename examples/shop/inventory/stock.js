import { query } from '../service/database.js'

/**
 * How many pieces of a product can be sold.
 * @param {string} sku
 * @returns {Promise<number>}
 */
export async function available(sku) {
  const [level] = await query('SELECT available FROM stock_level WHERE sku = $1', [sku])
  return Number(level?.available ?? 0)
}

/**
 * Sets pieces of a product aside for an order.
 * @param {string} sku
 * @param {number} quantity
 */
export async function setAside(sku, quantity) {
  await query('UPDATE shelf SET reserved = reserved + $2 WHERE sku = $1', [sku, quantity])
}
