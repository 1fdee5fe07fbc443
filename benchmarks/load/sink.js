// The collector, in a process of its own: counts what is exported and forgets it.
import { createServer } from 'node:http'
import { countSpans } from './count-spans.js'

let counted = { server: 0, all: 0 }

function count(request, body) {
  const one = countSpans(request.url, request.headers, body)
  counted = { server: counted.server + one.server, all: counted.all + one.all }
}

const server = createServer(async (request, response) => {
  const chunks = await request.toArray()
  count(request, Buffer.concat(chunks))
  if (request.url === '/v1/traces')
    response.setHeader('content-type', 'application/x-protobuf').end()
  else response.setHeader('content-type', 'application/json').end('{}')
})

const commands = {
  counted: () => counted,
  reset: () => {
    counted = { server: 0, all: 0 }
  },
}

process.on('message', ({ id, command }) => {
  process.send({ id, value: commands[command]() })
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => process.send({ ready: true, value: server.address().port }))
