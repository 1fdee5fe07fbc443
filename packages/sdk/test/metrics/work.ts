import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createClientTracer,
  createDatabaseTracer,
  createMessageTracer,
  createServerTracer,
  runIn,
  traceNodeRequest,
} from '@callchain/core'

/** Serves one request a path, with the route of those under /orders/; gives their statuses. */
export async function serveRequests(paths: readonly string[]): Promise<number[]> {
  const tracer = createServerTracer()
  const server = createServer((req, res) => {
    const matched = req.url?.startsWith('/orders/') === true
    const call = traceNodeRequest(tracer, req, res, {
      route: () => (matched ? '/orders/:id' : undefined),
    })
    runIn(call, () => {
      res.statusCode = matched ? 200 : 404
      res.end('ok')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const statuses = []
  for (const path of paths) {
    const response = await fetch(url + path, { headers: { connection: 'close' } })
    await response.text()
    statuses.push(response.status)
  }
  await once(server.close(), 'close')
  return statuses
}

/** A call to `host`. */
export function callHost(host: string): void {
  const call = createClientTracer().send({
    method: 'GET',
    url: `http://${host}/a/path`,
    header: () => undefined,
    setHeader() {},
    removeHeader() {},
  })
  call.receive({ statusCode: 200 })
}

/** A statement, and a message that is sent and handled. */
export function queryAndSend(): void {
  createDatabaseTracer().send({ system: 'postgresql', summary: 'SELECT orders' }).receive({})
  const tracer = createMessageTracer()
  const where = { system: 'kafka', destination: 'orders' }
  const none = { header: () => undefined, setHeader: () => true, removeHeader() {} }
  tracer.send({ ...where, operation: 'send', messages: [none] }).confirm()
  const message = { header: () => undefined, raw: {} }
  tracer.receive({ ...where, operation: 'process', messages: [message] }).settle()
}
