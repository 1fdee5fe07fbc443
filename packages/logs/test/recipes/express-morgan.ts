import { tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { logFields } from '@callchain/logs'
import express from 'express'
import morgan, { type StreamOptions } from 'morgan'

export function createApp(stream: StreamOptions): express.Express {
  const app = express()
  app.use(tracing()) // before morgan
  app.use(
    morgan(
      (tokens, req, res) =>
        JSON.stringify({
          method: tokens.method?.(req, res),
          status: tokens.status?.(req, res),
          ...logFields(),
        }),
      { stream },
    ),
  )
  app.get('/orders/:id', (req, res) => {
    tenant.set('acme')
    res.json({ id: req.params.id })
  })
  return app
}
