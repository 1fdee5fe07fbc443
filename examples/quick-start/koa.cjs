const { startTracing } = require('@callchain/sdk')
const { tracing } = require('@callchain/koa')
const Router = require('@koa/router')
const Koa = require('koa')

startTracing({ serviceName: 'orders' })
const app = new Koa()
app.use(tracing())

const router = new Router()
router.get('/orders/:id', (ctx) => {
  ctx.body = { order: ctx.params.id }
})
app.use(router.routes())
app.listen(Number(process.env.PORT ?? 3000))
