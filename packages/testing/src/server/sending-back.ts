import assert from 'node:assert/strict'
import type { NodeResponse } from '@callchain/core'
import { callerTraceparent } from './caller.ts'
import type { ServerPromise } from './server-promise.ts'

const TIMING = 'db;dur=53'

/** The ways in which an application says what it has measured. */
const WAYS: Readonly<Record<string, (response: NodeResponse) => void>> = {
  'before the head': (response) => response.setHeader('Server-Timing', TIMING),
  'with the head': (response) => response.writeHead(200, { 'Server-Timing': TIMING }),
  'in a list with the head': (response) => {
    response.writeHead(200, ['Server-Timing', TIMING] as never)
  },
}

/** Promises on the `server-timing` header that `traceResponse` asks for. */
export const sendingBack: readonly ServerPromise[] = Object.entries(WAYS).map(([way, measure]) => ({
  name: `sends the trace back next to what the application has measured, ${way}`,
  check: async ({ serve, serverSpan }) => {
    const app = await serve({
      tracing: { traceResponse: true },
      handler: (request) => {
        const response = request.takeOver()
        measure(response)
        response.end()
      },
    })
    const answer = await app.get('/items/7', { headers: { traceparent: callerTraceparent() } })
    await serverSpan()
    const timing = answer.headers.get('server-timing') ?? ''
    assert.match(timing, /^db;dur=53, ?trace;desc=00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  },
}))
