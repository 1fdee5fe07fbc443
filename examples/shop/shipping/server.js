import { closeDatabase, query } from '../service/database.js'
import { createLog } from '../service/log.js'
import { noteOrder } from '../service/note-order.js'
import { closeQueue, openQueue } from '../service/queue.js'
import { shipments } from '../service/queue-names.js'
import { runService } from '../service/run-service.js'
import { findCarrier } from './carrier.js'
import { sdk } from './tracing.js'

const log = createLog('shipping')
const settings = { pollingIntervalSeconds: 0.5, includeMetadata: /** @type {const} */ (true) }

/** @type {Awaited<ReturnType<typeof openQueue>> | undefined} */
let queue

await runService({
  start: async () => {
    queue = await openQueue({
      isOwner: true,
      onError: (error) => log.error({ err: error }, 'queue failed'),
    })
    // An earlier run may have left some, in a database that is not the embedded one.
    await queue.clearStorage()
    await queue.createQueue(shipments, { name: shipments, retryLimit: 1, retryDelay: 0 })
    await queue.work(shipments, settings, async (jobs) => {
      for (const job of jobs) await ship(job)
    })
    return 0
  },
  stop: async () => {
    await closeQueue(queue)
    await closeDatabase()
    await sdk.shutdown()
  },
})

/** @param {import('pg-boss').JobWithMetadata<Shipment>} job */
async function ship({ data: { order, sku, quantity }, retryCount }) {
  noteOrder(order)
  try {
    const carrier = findCarrier(sku, retryCount + 1)
    await query('INSERT INTO shipment (order_id, sku, quantity, carrier) VALUES ($1, $2, $3, $4)', [
      order,
      sku,
      quantity,
      carrier,
    ])
    log.info({ order, sku, carrier }, 'order shipped')
  } catch (error) {
    log.warn({ err: error, order, sku, attempt: retryCount + 1 }, 'shipment failed')
    throw error
  }
}

/** @typedef {{ order: string, sku: string, quantity: number }} Shipment */
