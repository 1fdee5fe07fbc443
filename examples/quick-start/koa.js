import './tracing.js'
import { tracing } from '@callchain/koa'
import Router from '@koa/router'
import Koa from 'koa'

const app = new Koa()
app.use(tracing())

const router = new Router()
router.get('/orders/:id', (ctx) => {
  ctx.body = { order: ctx.params.id }
})
app.use(router.routes())
app.listen(Number(process.env.PORT ?? 3000))
