const { createServer } = require('node:http')
const Koa = require('koa')
const { Router } = require('@koa/router')
const { findUser } = require('./user.cjs')

/** The server of the Koa application, which does not listen yet. */
exports.create = (middleware) => {
  const app = new Koa()
  const router = new Router()
  if (middleware) app.use(middleware)
  router.get('/users/:id', async (ctx) => {
    ctx.body = await findUser(ctx.params.id, ctx.query.x)
  })
  app.use(router.routes())
  return createServer(app.callback())
}
