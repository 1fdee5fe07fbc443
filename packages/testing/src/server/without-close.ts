import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { assertSpan } from '../assert-span.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import type { ServerPromise } from './server-promise.ts'

// What an adapter for functions as a service makes of an event: a request and a response that no
// server made, on something that is not a socket. Nothing comes after its `finish`.
function withoutSocket(listener: RequestListener): RequestListener {
  return (req, res) => {
    const peer = Object.assign(new EventEmitter(), { remoteAddress: '203.0.113.9', destroy() {} })
    const request = new IncomingMessage(peer as unknown as Socket)
    const { method, url, headers } = req
    Object.assign(request, { method, url, headers, httpVersion: '1.1', complete: true })
    request.push(null)
    const response = new ServerResponse(request)
    response.assignSocket(createSink() as unknown as Socket)
    response.once('finish', () => {
      res.statusCode = response.statusCode
      res.end()
    })
    listener(request, response)
  }
}

function createSink(): object {
  const nothing = (): void => {}
  return {
    _writableState: {},
    writable: true,
    on: nothing,
    removeListener: nothing,
    destroy: nothing,
    cork: nothing,
    uncork: nothing,
    write: (_chunk: unknown, encoding: unknown, written: unknown) => {
      const callback = typeof encoding === 'function' ? encoding : written
      if (typeof callback === 'function') callback()
      return true
    },
  }
}

/** Promises about responses that are sent and never closed. */
export const withoutClose: readonly ServerPromise[] = [
  {
    name: 'ends the span of a response that finishes and is never closed',
    check: async ({ recorder, serve, serverSpan }) => {
      const metrics = createMetricRecorder()
      try {
        const app = await serve({ around: withoutSocket })
        assert.equal((await app.get('/items/7')).status, 200)
        assertSpan(await serverSpan(), {
          name: 'GET /items/:id',
          status: 'unset',
          attributes: { 'http.response.status_code': 200, 'error.type': undefined },
        })
        const points = await metrics.points('http.server.active_requests')
        assert.deepEqual([recorder.spans().length, points[0]?.sum], [1, 0])
      } finally {
        await metrics.shutdown()
      }
    },
  },
  {
    name: 'is an error when a response that is never closed has a 500',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        around: withoutSocket,
        handler: () => Promise.reject(new RangeError('broken')),
      })
      assert.equal((await app.get('/items/7')).status, 500)
      assertSpan(await serverSpan(), {
        status: 'error',
        events: ['exception'],
        attributes: { 'http.response.status_code': 500, 'error.type': 'RangeError' },
      })
    },
  },
]
