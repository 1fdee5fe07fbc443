const { fastify } = require('fastify')
const { findUser } = require('./user.cjs')

/** The server of the Fastify application, which does not listen yet. */
exports.create = async (plugin) => {
  const app = fastify()
  if (plugin) await app.register(plugin)
  app.get('/users/:id', (request) => findUser(request.params.id, request.query.x))
  await app.ready()
  return app.server
}
