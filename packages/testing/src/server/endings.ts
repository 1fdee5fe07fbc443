import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { assertSpan } from '../assert-span.ts'
import { HEAD, writeFirstPart } from './first-part.ts'
import type { ServerPromise } from './server-promise.ts'

/** Promises about when a span ends, and what it says then. */
export const endings: readonly ServerPromise[] = [
  {
    name: 'lasts until a streamed body has been sent',
    check: async ({ recorder, serve, serverSpan }) => {
      const body = new Readable({ read: () => {} })
      const app = await serve({ handler: (request) => request.stream(body) })
      const connection = await app.connect()
      connection.send(...HEAD)
      body.push('first part')
      await connection.receive(/first part/)
      assert.deepEqual([recorder.open().length, recorder.spans().length], [1, 0])
      body.push(null)
      assertSpan(await serverSpan(), {
        name: 'GET /items/:id',
        status: 'unset',
        events: [],
        attributes: { 'http.response.status_code': 200 },
      })
    },
  },
  {
    name: 'is an error when a streamed body breaks off',
    check: async ({ serve, serverSpan }) => {
      const body = new Readable({ read: () => {} })
      const app = await serve({ handler: (request) => request.stream(body) })
      const connection = await app.connect()
      connection.send(...HEAD)
      body.push('first part')
      await connection.receive(/first part/)
      const closed = new Promise((resolve) => body.once('close', resolve))
      body.destroy(new RangeError('the source broke'))
      await closed
      // Whether the framework closes the connection is its own affair: the client does, if it does not.
      connection.socket.end()
      assertSpan(await serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': 200 },
      })
    },
  },
  {
    name: 'is an error of its own type when the server destroys the response in the middle of the body',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => void writeFirstPart(request).destroy(new RangeError('broken')),
      })
      const connection = await app.connect()
      connection.send(...HEAD)
      await connection.ended()
      assertSpan(await serverSpan(), {
        status: 'error',
        events: ['exception'],
        attributes: { 'http.response.status_code': 200, 'error.type': 'RangeError' },
      })
    },
  },
  {
    name: 'ends without a status code when the server destroys the response before the headers',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => void request.takeOver().destroy(new RangeError('broken')),
      })
      const connection = await app.connect()
      connection.send(...HEAD)
      await connection.ended()
      assertSpan(await serverSpan(), {
        status: 'error',
        attributes: { 'http.response.status_code': undefined, 'error.type': 'RangeError' },
      })
    },
  },
  {
    name: 'records the status of an answer written around the framework',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          const response = request.takeOver()
          response.writeHead(503)
          response.end('later')
        },
      })
      assert.equal((await app.get('/items/7')).status, 503)
      assertSpan(await serverSpan(), {
        name: 'GET /items/:id',
        status: 'error',
        attributes: { 'http.response.status_code': 503, 'error.type': '503' },
      })
    },
  },
  {
    name: 'traces a request that waits for 100 Continue',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ handler: (request) => request.reply(201, request.body) })
      const connection = await app.connect()
      const headers = ['host: a', 'content-type: application/json', 'content-length: 7']
      const last = ['expect: 100-continue', 'connection: close', '', '']
      connection.send('POST /items HTTP/1.1', ...headers, ...last)
      await connection.receive(/100 Continue/)
      connection.send('{"a":1}')
      assert.match(await connection.ended(), /HTTP\/1.1 201[\s\S]*\{"a":1\}/)
      assertSpan(await serverSpan(), {
        name: 'POST /items',
        status: 'unset',
        attributes: { 'http.response.status_code': 201 },
      })
    },
  },
]
