const { createServer } = require('node:http')
const express = require('express')
const { findUser } = require('./user.cjs')

/** The server of the Express application, which does not listen yet. */
exports.create = (middleware) => {
  const app = express()
  if (middleware) app.use(middleware)
  app.get('/users/:id', async (request, response) => {
    response.json(await findUser(request.params.id, request.query.x))
  })
  return createServer(app)
}
