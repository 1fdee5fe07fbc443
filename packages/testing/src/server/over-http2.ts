import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Stream, connect, constants } from 'node:http2'
import { text } from 'node:stream/consumers'
import { currentTrace, tenant } from '@callchain/core'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import { CALLER, callerTraceparent } from './caller.ts'
import { endWhenLeft } from './first-part.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServeOptions, ServerStage } from './stage.ts'

async function overHttp2(
  { serve }: ServerStage,
  options: ServeOptions,
  exchange: (send: (headers: Record<string, string>) => ClientHttp2Stream) => Promise<void>,
): Promise<number> {
  const { port } = await serve({ ...options, http2: true })
  const session = connect(`http://127.0.0.1:${port}`)
  try {
    await exchange((headers) => session.request(headers))
  } finally {
    session.destroy()
  }
  return port
}

/** Promises about HTTP/2 through Node's compatibility API. */
export const http2: readonly ServerPromise[] = [
  {
    name: 'traces a request over HTTP/2 with its route, host and caller',
    check: async (stage) => {
      let seen: unknown
      const handler: ServeOptions['handler'] = async (request) => {
        await Promise.resolve()
        seen = [currentTrace()?.traceId, tenant.get()]
        request.reply(200, {})
      }
      const port = await overHttp2(stage, { handler }, async (send) => {
        const stream = send({
          ':path': '/orgs/acme/items/7?a=1',
          traceparent: callerTraceparent(),
          baggage: 'tenant.id=acme',
        })
        await text(stream)
        await stage.recorder.waitFor(1)
      })
      assert.deepEqual(seen, [CALLER.traceId, 'acme'])
      assertSpan(await stage.serverSpan(), {
        name: 'GET /orgs/:org/items/:id',
        status: 'unset',
        traceId: CALLER.traceId,
        attributes: {
          'url.path': '/orgs/acme/items/7',
          'url.query': 'a=1',
          'url.scheme': 'http',
          'server.address': '127.0.0.1',
          'server.port': port,
          'network.protocol.version': '2',
          'http.response.status_code': 200,
          'tenant.id': 'acme',
        },
      })
    },
  },
  {
    name: 'is an error when a handler throws over HTTP/2',
    check: async (stage) => {
      const handler = (): never => {
        throw new RangeError('broken')
      }
      await overHttp2(stage, { handler }, async (send) => {
        await text(send({ ':path': '/items/7' }))
        await stage.recorder.waitFor(1)
      })
      assertSpan(await stage.serverSpan(), {
        name: 'GET /items/:id',
        status: 'error',
        events: ['exception'],
        attributes: { 'http.response.status_code': 500, 'error.type': 'RangeError' },
      })
    },
  },
  {
    name: 'ends without a status code when the client resets its HTTP/2 stream before the answer',
    check: async (stage) => {
      const entered = createSignal()
      const handler = (): Promise<never> => {
        entered.resolve()
        return new Promise(() => {})
      }
      await overHttp2(stage, { handler }, async (send) => {
        const stream = send({ ':path': '/items/7' })
        await entered.promise
        stream.close(constants.NGHTTP2_CANCEL)
        await stage.recorder.waitFor(1)
      })
      assertSpan(await stage.serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': undefined, 'error.type': 'client_abort' },
      })
    },
  },
  {
    name: 'keeps the status code when the client resets its HTTP/2 stream in the middle of the body',
    check: async (stage) => {
      const handler: ServeOptions['handler'] = (request) => {
        const response = request.takeOver()
        response.writeHead(200)
        ;(response as NodeJS.WritableStream).write('first part')
      }
      await overHttp2(stage, { handler }, async (send) => {
        const stream = send({ ':path': '/items/7' })
        await once(stream, 'data')
        stream.close(constants.NGHTTP2_CANCEL)
        await stage.recorder.waitFor(1)
      })
      assertSpan(await stage.serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': 200, 'error.type': 'client_abort' },
      })
    },
  },
  {
    name: 'is broken off as well when its HTTP/2 stream is closed without an error, and the application ends it then',
    check: async (stage) => {
      await overHttp2(stage, { handler: endWhenLeft }, async (send) => {
        const stream = send({ ':path': '/items/7' })
        await once(stream, 'data')
        stream.close(constants.NGHTTP2_NO_ERROR)
        await stage.recorder.waitFor(1)
      })
      assertSpan(await stage.serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': 200, 'error.type': 'client_abort' },
      })
    },
  },
  {
    name: 'is an error when the client resets its HTTP/2 stream while a finished answer is on its way',
    check: async (stage) => {
      const handler: ServeOptions['handler'] = (request) => {
        const response = request.takeOver()
        response.writeHead(200)
        // More than the window that HTTP/2 begins with.
        response.end(Buffer.alloc(1024 * 1024, 'x'))
      }
      await overHttp2(stage, { handler }, async (send) => {
        const stream = send({ ':path': '/items/7' })
        await once(stream, 'response')
        stream.close(constants.NGHTTP2_CANCEL)
        await stage.recorder.waitFor(1)
      })
      assertSpan(await stage.serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': 200, 'error.type': 'client_abort' },
      })
    },
  },
  {
    name: 'does not mix two HTTP/2 streams of one connection',
    check: async (stage) => {
      const both = createSignal()
      const seen: unknown[] = []
      let count = 0
      const handler: ServeOptions['handler'] = async (request) => {
        if (++count === 2) both.resolve()
        await both.promise
        seen.push([request.params.id, tenant.get()])
        request.reply(200, {})
      }
      await overHttp2(stage, { handler }, async (send) => {
        const get = (id: number): Promise<string> =>
          text(send({ ':path': `/items/${id}`, baggage: `tenant.id=t${id}` }))
        await Promise.all([get(1), get(2)])
        await stage.recorder.waitFor(2)
      })
      assert.deepEqual(seen.sort(), [
        ['1', 't1'],
        ['2', 't2'],
      ])
    },
  },
]
