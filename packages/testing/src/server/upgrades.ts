import assert from 'node:assert/strict'
import { type RequestListener, ServerResponse } from 'node:http'
import { assertSpan } from '../assert-span.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import { createSignal } from '../signal.ts'
import type { ContractHandler } from './application.ts'
import type { ServerPromise } from './server-promise.ts'
import type { Served, ServeOptions, ServerStage } from './stage.ts'

const UPGRADE = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: websocket\r\nhost: a\r\n\r\n'
const HEAD = `GET /items/7 HTTP/1.1\r\n${UPGRADE}`
const ACCEPTED =
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n'
const REFUSED = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

const shakeHands: ContractHandler = (request) => {
  request.takeOver()
  request.raw.socket.write(ACCEPTED)
}

async function counted(
  { serve }: ServerStage,
  options: ServeOptions,
  check: (app: Served, active: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const metrics = createMetricRecorder()
  try {
    const active = async (): Promise<number> =>
      (await metrics.points('http.server.active_requests')).reduce((all, { sum }) => all + sum, 0)
    await check(await serve(options), active)
  } finally {
    await metrics.shutdown()
  }
}

/** Promises about requests that ask to leave HTTP (RFC 9110, section 7.8), as WebSockets do. */
export const upgrades: readonly ServerPromise[] = [
  {
    name: 'ends at the handshake, with 101, when a handler makes a WebSocket of the connection',
    check: (stage) =>
      counted(stage, { handler: shakeHands }, async (app, active) => {
        const connection = await app.connect()
        connection.send(HEAD)
        await connection.receive(/101 Switching Protocols/)
        assertSpan(await stage.serverSpan(), {
          name: 'GET /items/:id',
          status: 'unset',
          events: [],
          attributes: { 'http.response.status_code': 101, 'error.type': undefined },
        })
        assert.equal(await active(), 0)
        connection.socket.end()
        await connection.ended()
        assert.deepEqual([stage.recorder.spans().length, await active()], [1, 0])
      }),
  },
  {
    name: 'traces an upgrade that is refused as any other request',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        authenticate: async (request) => {
          request.reply(401, {})
          return true
        },
      })
      const connection = await app.connect()
      connection.send(HEAD)
      await connection.receive(/401 Unauthorized/)
      assertSpan(await serverSpan(), {
        status: 'unset',
        attributes: { 'http.response.status_code': 401, 'error.type': undefined },
      })
    },
  },
  {
    name: 'knows the status of a refusal that is written on the socket',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          request.takeOver()
          request.raw.socket.end(REFUSED)
        },
      })
      const connection = await app.connect()
      connection.send(HEAD)
      await connection.ended()
      assertSpan(await serverSpan(), {
        name: 'GET /items/:id',
        status: 'unset',
        attributes: { 'http.response.status_code': 400, 'error.type': undefined },
      })
    },
  },
  {
    name: 'traces a request whose offer to upgrade is not taken up',
    check: async ({ serve, serverSpans }) => {
      const app = await serve()
      const connection = await app.connect()
      for (let count = 0; count < 2; count += 1) {
        connection.send(HEAD)
        await connection.receive(/200 OK[\s\S]*\{"id":"7"\}/)
      }
      for (const span of await serverSpans(2)) {
        assertSpan(span, {
          name: 'GET /items/:id',
          status: 'unset',
          attributes: { 'http.response.status_code': 200 },
        })
      }
    },
  },
  {
    name: 'does not trace what has become a WebSocket before tracing sees it',
    check: (stage) => {
      const handled = createSignal()
      const options: ServeOptions = {
        around: asUpgraded,
        handler: (request) => {
          request.takeOver()
          handled.resolve()
        },
      }
      return counted(stage, options, async (app, active) => {
        const connection = await app.connect()
        connection.send(HEAD)
        await handled.promise
        connection.socket.destroy()
        const { recorder } = stage
        assert.deepEqual([recorder.open().length, recorder.spans().length], [0, 0])
        assert.equal(await active(), 0)
      })
    },
  },
]

// Plugins give the framework a response without a socket once the connection is theirs.
function asUpgraded(listener: RequestListener): RequestListener {
  return (req, res) => {
    res.detachSocket(req.socket)
    listener(Object.assign(req, { upgrade: true }), new ServerResponse(req))
  }
}
