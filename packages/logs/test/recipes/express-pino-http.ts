import { tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
import { traceMixin } from '@callchain/logs/pino'
import express from 'express'
import { type DestinationStream, pino } from 'pino'
import { pinoHttp } from 'pino-http'

export function createApp(destination: DestinationStream): express.Express {
  const app = express()
  app.use(tracing()) // before pino-http, or its first line has no trace
  app.use(
    pinoHttp({
      logger: pino({ mixin: traceMixin() }, destination),
      customReceivedMessage: () => 'request received',
    }),
  )
  app.get('/orders/:id', (req, res) => {
    tenant.set('acme')
    req.log.info('looked up')
    res.json({ id: req.params.id })
  })
  return app
}
