/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} says what it shows
 * @property {string} sku
 * @property {number} status what the gateway must answer
 * @property {boolean} isShipped whether it is shipped then
 */

/**
 * Every kind of order there is. The slow one comes last: what stands at the end is seen first.
 * @type {[Kind, Kind, Kind, Kind, Kind]}
 */
export const kinds = [
  { name: 'ok', says: 'a teapot, in stock', sku: 'teapot', status: 201, isShipped: true },
  {
    name: 'rejected',
    says: 'a snow globe, out of stock',
    sku: 'snow-globe',
    status: 409,
    isShipped: false,
  },
  {
    name: 'failed',
    says: 'a music box, breaks a constraint',
    sku: 'music-box',
    status: 500,
    isShipped: false,
  },
  {
    name: 'retried',
    says: 'a mirror, shipped at the second attempt',
    sku: 'mirror',
    status: 201,
    isShipped: true,
  },
  {
    name: 'slow',
    says: 'a garden gnome, slow in the database',
    sku: 'garden-gnome',
    status: 201,
    isShipped: true,
  },
]

const keys = ['ada-key', 'grace-key', 'alan-key']

/** The headers of the customer whose turn it is. @param {number} turn */
export function customer(turn) {
  return {
    authorization: `Bearer ${keys[turn % keys.length]}`,
    'content-type': 'application/json',
  }
}

/**
 * Sends one order to the gateway.
 * @param {string} gateway
 * @param {Kind} kind
 * @param {number} turn
 * @returns {Promise<{ id: string, status: number }>}
 */
export async function sendOrder(gateway, kind, turn) {
  const answer = await fetch(`${gateway}/orders`, {
    method: 'POST',
    headers: customer(turn),
    body: JSON.stringify({ sku: kind.sku, quantity: 1 }),
  })
  const { order } = /** @type {{ order: string }} */ (await answer.json())
  return { id: order, status: answer.status }
}

/**
 * The command that sends an order by hand.
 * @param {string} gateway
 * @returns {string[]} its lines, to be pasted together
 */
export function curlLines(gateway) {
  return [
    `curl -i ${gateway}/orders -H 'authorization: Bearer ada-key' \\`,
    `  -H 'content-type: application/json' -d '{"sku":"garden-gnome"}'`,
  ]
}
