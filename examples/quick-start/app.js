import './tracing.js'
import { traceFetch } from '@callchain/clients/fetch'
import { tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { traceMixin } from '@callchain/logs/pino'
import express from 'express'
import pino from 'pino'

const port = Number(process.env.PORT ?? 3000)
const fetch = traceFetch()
const log = pino({ mixin: traceMixin() })
const app = express()
app.use(tracing())

app.get('/orders/:id', async (req, res) => {
  tenant.set('acme') // after your own authentication
  log.info('looking the stock up')
  const stock = await fetch(`http://localhost:${port}/stock/${req.params.id}`)
  res.json({ order: req.params.id, ...(await stock.json()) })
})

app.get('/stock/:id', (_req, res) => {
  res.json({ left: 3, for: tenant.get() })
})

app.listen(port, () => log.info(`http://localhost:${port}/orders/7`))
