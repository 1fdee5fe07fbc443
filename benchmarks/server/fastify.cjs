const { fastify } = require('fastify')
const { findUser } = require('./user.cjs')

/** Starts the Fastify application on a free port of the loopback, and gives the port. */
exports.listen = async (plugin) => {
  const app = fastify()
  if (plugin) await app.register(plugin)
  app.get('/users/:id', (request) => findUser(request.params.id, request.query.x))
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app.server.address().port
}
