import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import type { ContractRequest } from './application.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServerStage } from './stage.ts'

const HEAD = ['GET /items/7 HTTP/1.1', 'host: shop.example', '', '']

const BROKEN_OFF = { 'http.response.status_code': undefined, 'error.type': 'client_abort' }

async function leaveBeforeHeaders(
  { serve }: ServerStage,
  clientAbort?: 'error' | 'unset',
): Promise<void> {
  const entered = createSignal()
  const left = createSignal()
  const answered = createSignal()
  const app = await serve({
    tracing: clientAbort === undefined ? {} : { clientAbort },
    handler: async (request) => {
      request.raw.socket.once('close', () => left.resolve())
      entered.resolve()
      await left.promise
      request.reply(200, {})
      answered.resolve()
    },
  })
  const connection = await app.connect()
  connection.send(...HEAD)
  await entered.promise
  connection.socket.destroy()
  await answered.promise
}

function writeFirstPart(request: ContractRequest): ReturnType<ContractRequest['takeOver']> {
  const response = request.takeOver()
  response.writeHead(200, { 'content-type': 'text/plain' })
  ;(response as NodeJS.WritableStream).write('first part')
  return response
}

/** Promises about when a span ends, and what it says then. */
export const endings: readonly ServerPromise[] = [
  {
    name: 'ends once, as an error without a status code, when the client leaves before the answer',
    check: async (stage) => {
      await leaveBeforeHeaders(stage)
      assertSpan(await stage.serverSpan(), {
        name: 'GET /items/:id',
        status: 'error',
        events: [],
        attributes: BROKEN_OFF,
      })
    },
  },
  {
    name: 'is no error when the client leaves, where that was asked for',
    check: async (stage) => {
      await leaveBeforeHeaders(stage, 'unset')
      assertSpan(await stage.serverSpan(), {
        status: 'unset',
        attributes: { ...BROKEN_OFF, 'error.type': undefined },
      })
    },
  },
  {
    name: 'keeps the status code that was sent when the client leaves in the middle of the body',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ handler: writeFirstPart })
      const connection = await app.connect()
      connection.send(...HEAD)
      await connection.receive(/first part/)
      connection.socket.destroy()
      assertSpan(await serverSpan(), {
        name: 'GET /items/:id',
        status: 'error',
        events: [],
        attributes: { 'http.response.status_code': 200, 'error.type': 'client_abort' },
      })
    },
  },
  {
    name: 'ends as an error when the client leaves in the middle of its upload',
    check: async ({ recorder, serve, serverSpan }) => {
      const arrived = createSignal()
      const app = await serve({
        around: (listener) => (req, res) => {
          listener(req, res)
          arrived.resolve()
        },
      })
      const connection = await app.connect()
      const type = 'content-type: application/json'
      connection.send('POST /items HTTP/1.1', 'host: a', type, 'content-length: 99', '', '{"na')
      await arrived.promise
      connection.socket.destroy()
      assertSpan(await serverSpan(), { status: 'error', attributes: BROKEN_OFF })
      assert.equal(recorder.spans().length, 1)
    },
  },
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
    name: 'knows the status of an answer that was written past the framework',
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
  {
    name: 'leaves no span open when the client had left before tracing saw the request',
    check: async ({ serve, serverSpan }) => {
      const arrived = createSignal()
      const app = await serve({
        around: (listener) => async (req, res) => {
          arrived.resolve()
          await once(res, 'close')
          listener(req, res)
        },
      })
      const connection = await app.connect()
      connection.send(...HEAD)
      await arrived.promise
      connection.socket.destroy()
      assertSpan(await serverSpan(), { status: 'error', attributes: BROKEN_OFF })
    },
  },
]
