// What is called, in its own process: answers about 200 bytes, and counts what came with a trace.
import { once } from 'node:events'
import { createServer } from 'node:http'

const seenOn = new Map()
const answer = JSON.stringify({
  id: 7,
  sku: 'P-7001',
  name: 'Fountain pen, broad nib',
  available: 12,
  shelves: [
    { id: 'A-12', count: 8 },
    { id: 'C-03', count: 4 },
  ],
  updated: '2026-01-05T09:30:00.000Z',
})

/** A port for one process to call. */
async function open() {
  const seen = { calls: 0, traced: 0, sampled: 0, withTenant: 0 }
  const server = createServer((request, response) => {
    const { traceparent, baggage } = request.headers
    seen.calls += 1
    if (traceparent !== undefined) seen.traced += 1
    if (traceparent?.endsWith('-01')) seen.sampled += 1
    if (baggage?.includes('tenant.id=acme')) seen.withTenant += 1
    response.setHeader('content-type', 'application/json')
    response.end(answer)
  })
  server.keepAliveTimeout = 300_000
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address()
  seenOn.set(port, seen)
  return port
}

const commands = { open, seen: (port) => seenOn.get(port) }

process.on('message', async ({ id, command, argument }) => {
  process.send({ id, value: await commands[command](argument) })
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })
