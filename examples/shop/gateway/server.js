import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { traceAxios } from '@callchain/clients/axios'
import { tracing } from '@callchain/express'
import axios from 'axios'
import express from 'express'
import { close, listen } from '../service/listen.js'
import { createLog } from '../service/log.js'
import { noteOrder } from '../service/note-order.js'
import { runService } from '../service/run-service.js'
import { authenticate } from './authenticate.js'
import { sdk } from './tracing.js'

const log = createLog('gateway')
const orders = traceAxios(
  axios.create({ baseURL: process.env.ORDERS_URL ?? '', timeout: 30_000, validateStatus: null }),
)

const app = express()
// Its callers are customers: the trace begins here, whatever headers they send.
app.use(tracing({ trust: 'edge' }))
app.use(authenticate)
app.use(express.json())

app.post('/orders', async (request, response) => {
  const { sku, quantity = 1 } = request.body ?? {}
  if (typeof sku !== 'string' || !Number.isInteger(quantity) || quantity < 1) {
    response.status(400).json({ error: 'Send {"sku":"teapot","quantity":1}' })
    return
  }
  const id = randomUUID()
  noteOrder(id)
  const answer = await orders.post('/orders', { id, sku, quantity })
  log.info({ order: id, sku, status: answer.status }, 'order answered')
  response.status(answer.status).json({ order: id, ...answer.data })
})

const server = createServer(app)
await runService({
  start: (port) => listen(server, port),
  stop: async () => {
    await close(server)
    await sdk.shutdown()
  },
})
