import { closeQueue, openQueue } from '../service/queue.js'
import { shipments } from '../service/queue-names.js'

/** @type {Awaited<ReturnType<typeof openQueue>> | undefined} */
let queue

/** Opens the queue to the warehouse. @param {(error: unknown) => void} onError */
export async function openShipments(onError) {
  queue = await openQueue({ isOwner: false, onError })
}

/**
 * Asks for an order to be shipped; somebody does so later.
 * @param {{ order: string, sku: string, quantity: number }} shipment
 */
export async function ship(shipment) {
  await queue?.send(shipments, shipment)
}

/** Leaves the queue. */
export function closeShipments() {
  return closeQueue(queue)
}
