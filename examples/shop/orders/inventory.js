import { traceFetch } from '@callchain/clients/fetch'

const fetch = traceFetch()

/**
 * Asks inventory to set stock aside for an order.
 * @param {{ order: string, sku: string, quantity: number }} reservation
 * @returns {Promise<boolean>} false: out of stock
 */
export async function reserve(reservation) {
  const answer = await fetch(`${process.env.INVENTORY_URL}/reservations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reservation),
  })
  const { error } = /** @type {{ error?: string }} */ (await answer.json())
  if (answer.ok) return true
  if (answer.status === 409) return false
  throw new Error(`Inventory answered ${answer.status}: ${error}`)
}
