// The collector, in its own process: counts what each server exports, and keeps nothing.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { countSpans, NOTHING_COUNTED } from './count-spans.js'

const countedOn = new Map()

/** A port for one server to export to. */
async function open() {
  const counted = { ...NOTHING_COUNTED }
  const receiver = createServer((request, response) => receive(request, response, counted))
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  const { port } = receiver.address()
  countedOn.set(port, counted)
  return port
}

async function receive(request, response, counted) {
  const body = Buffer.concat(await request.toArray())
  const spans = countSpans(request.url, request.headers, body)
  for (const kind of Object.keys(counted)) counted[kind] += spans[kind]
  const isOtlp = request.url.startsWith('/v1/')
  response.setHeader('content-type', isOtlp ? 'application/x-protobuf' : 'application/json')
  response.end(isOtlp ? '' : '{}')
}

const commands = { open, counted: (port) => countedOn.get(port) }

process.on('message', async ({ id, command, argument }) => {
  process.send({ id, value: await commands[command](argument) })
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })
