const Koa = require('koa')
const { Router } = require('@koa/router')
const { findUser } = require('./user.cjs')

/** Starts the Koa application on a free port of the loopback, and gives the port. */
exports.listen = (middleware) => {
  const app = new Koa()
  const router = new Router()
  if (middleware) app.use(middleware)
  router.get('/users/:id', async (ctx) => {
    ctx.body = await findUser(ctx.params.id, ctx.query.x)
  })
  app.use(router.routes())
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}
