const { createAdaptorServer } = require('@hono/node-server')
const { Hono } = require('hono')
const { findUser } = require('./user.cjs')

/** The server of the Hono application, which does not listen yet. */
exports.create = (middleware) => {
  const app = new Hono()
  if (middleware) app.use(middleware)
  app.get('/users/:id', async (c) => c.json(await findUser(c.req.param('id'), c.req.query('x'))))
  return createAdaptorServer({ fetch: app.fetch })
}
