const { createServer } = require('node:http')
const { findUser } = require('./user.cjs')

/** The server of a bare listener, which does not listen yet. */
exports.create = (wrap = (listener) => listener) => createServer(wrap(listener))

async function listener(request, response) {
  const url = new URL(request.url, 'http://localhost')
  const user = await findUser(url.pathname.slice('/users/'.length), url.searchParams.get('x'))
  const body = JSON.stringify(user)
  response.setHeader('content-type', 'application/json')
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(body)
}
