import { tenant } from '@callchain/core'
import { tracing } from '@callchain/koa'
import { traceMixin } from '@callchain/logs/pino'
import Koa from 'koa'
import pinoLogger from 'koa-pino-logger'
import { type DestinationStream, pino } from 'pino'

export function createApp(destination: DestinationStream): Koa {
  const app = new Koa()
  app.use(tracing()) // before koa-pino-logger
  app.use(pinoLogger({ logger: pino({ mixin: traceMixin() }, destination) }))
  app.use((ctx) => {
    tenant.set('acme')
    ctx.log.info('looked up')
    ctx.body = { id: 1 }
  })
  return app
}
