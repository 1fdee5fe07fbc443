import assert from 'node:assert/strict'
import { once } from 'node:events'
import { assertSpan } from '../assert-span.ts'
import { createSignal } from '../signal.ts'
import { endWhenLeft, HEAD, writeFirstPart } from './first-part.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServerStage } from './stage.ts'

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

/** Promises about clients that leave before they have their answer. */
export const leaving: readonly ServerPromise[] = [
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
    name: 'is not an error when the client leaves, if the option says so',
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
    name: 'is broken off as well when the application ends its response as the client leaves',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({ handler: endWhenLeft })
      const connection = await app.connect()
      connection.send(...HEAD)
      await connection.receive(/first part/)
      connection.socket.destroy()
      assertSpan(await serverSpan(), {
        status: 'error',
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
