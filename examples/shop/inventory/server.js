import { tracing } from '@callchain/fastify'
import fastify, { LogController } from 'fastify'
import { closeDatabase } from '../service/database.js'
import { createLog } from '../service/log.js'
import { noteOrder } from '../service/note-order.js'
import { runService } from '../service/run-service.js'
import { seed } from './seed.js'
import { available, setAside } from './stock.js'
import { sdk } from './tracing.js'

const app = fastify({
  loggerInstance: createLog('inventory'),
  logController: new LogController({ disableRequestLogging: true }),
})
await app.register(tracing)
app.addHook('onError', async (request, _reply, error) => {
  request.log.error({ err: error }, 'reservation failed')
})

app.post('/reservations', async (request, reply) => {
  const { order, sku, quantity } = /** @type {Reservation} */ (request.body)
  noteOrder(order)
  const left = await available(sku)
  if (left < quantity) {
    request.log.warn({ order, sku, left }, 'out of stock')
    return reply.code(409).send({ error: 'out of stock' })
  }
  await setAside(sku, quantity)
  request.log.info({ order, sku, left: left - quantity }, 'stock set aside')
  return reply.code(201).send({ sku, quantity })
})

await runService({
  start: async (port) => {
    await seed({ withIndex: process.env.WITH_INDEX === '1' })
    return Number(new URL(await app.listen({ port, host: '127.0.0.1' })).port)
  },
  stop: async () => {
    await app.close()
    await closeDatabase()
    await sdk.shutdown()
  },
})

/** @typedef {{ order: string, sku: string, quantity: number }} Reservation */
