const express = require('express')
const { findUser } = require('./user.cjs')

/** Starts the Express application on a free port of the loopback, and gives the port. */
exports.listen = (middleware) => {
  const app = express()
  if (middleware) app.use(middleware)
  app.get('/users/:id', async (request, response) => {
    response.json(await findUser(request.params.id, request.query.x))
  })
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}
