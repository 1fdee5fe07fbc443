import { tracing } from '@callchain/express'
import { startTracing } from '@callchain/sdk'
import express from 'express'

const callchain = startTracing({ serviceName: 'orders' })
const app = express()
app.use(tracing())
app.get('/orders/:id', async (req, res) => {
  await new Promise((done) => setTimeout(done, 300))
  res.json({ order: req.params.id })
})
const server = app.listen(Number(process.env.PORT ?? 3000))

process.once('SIGTERM', () => {
  server.close(async () => {
    await callchain.shutdown()
    process.exit()
  })
  server.closeIdleConnections()
})
