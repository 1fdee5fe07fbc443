/** @type {Record<string, number>} */
const cents = {
  teapot: 3900,
  'snow-globe': 1900,
  'music-box': 5500,
  'garden-gnome': 2400,
  mirror: 7900,
}

/**
 * What an order costs, in cents.
 * @param {string} sku
 * @param {number} quantity
 */
export function total(sku, quantity) {
  return (cents[sku] ?? 0) * quantity
}
