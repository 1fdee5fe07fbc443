import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { tracing } from '@callchain/koa'
import Router from '@koa/router'
import Koa from 'koa'
import { close, listen } from '../service/listen.js'
import { createLog } from '../service/log.js'
import { noteOrder } from '../service/note-order.js'
import { runService } from '../service/run-service.js'
import { reserve } from './inventory.js'
import { total } from './prices.js'
import { closeShipments, openShipments, ship } from './shipments.js'
import { sdk } from './tracing.js'

const log = createLog('orders')
const app = new Koa()
app.silent = true
app.use(tracing())
app.use(async (_ctx, next) => {
  try {
    await next()
  } catch (error) {
    log.error({ err: error }, 'order failed')
    throw error
  }
})

const router = new Router()
router.post('/orders', async (ctx) => {
  const { id, sku, quantity } = /** @type {Order} */ (await json(ctx.req))
  noteOrder(id)
  if (await reserve({ order: id, sku, quantity })) {
    await ship({ order: id, sku, quantity })
    log.info({ order: id, sku, quantity }, 'order accepted')
    ctx.status = 201
    ctx.body = { state: 'accepted', total: total(sku, quantity) }
  } else {
    log.warn({ order: id, sku, quantity }, 'order rejected: out of stock')
    ctx.status = 409
    ctx.body = { state: 'rejected', reason: 'out of stock' }
  }
})
app.use(router.routes())

const server = createServer(app.callback())
await runService({
  start: async (port) => {
    await openShipments((error) => log.error({ err: error }, 'queue failed'))
    return listen(server, port)
  },
  stop: async () => {
    await close(server)
    await closeShipments()
    await sdk.shutdown()
  },
})

/** @typedef {{ id: string, sku: string, quantity: number }} Order */
