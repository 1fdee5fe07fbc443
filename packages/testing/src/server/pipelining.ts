import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { assertSpan } from '../assert-span.ts'
import { createMetricRecorder } from '../metric-recorder.ts'
import { createSignal } from '../signal.ts'
import type { ContractHandler } from './application.ts'
import type { ServerPromise } from './server-promise.ts'
import type { ServerStage } from './stage.ts'

const REQUESTS = 12
const ACTIVE = 'http.server.active_requests'

const GET = ['GET /items/7 HTTP/1.1', 'host: a', '', '']
const POST = [
  'POST /items HTTP/1.1',
  'host: a',
  'content-type: application/json',
  'content-length: 7',
  '',
  '{"a":1}',
]

const many = (lines: readonly string[]): string => lines.join('\r\n').repeat(REQUESTS)

async function breakingOff(
  { serve, serverSpans }: ServerStage,
  sent: string,
  end: (client: Socket, server: Socket) => void,
  answer: ContractHandler = () => new Promise(() => {}),
): Promise<void> {
  const metrics = createMetricRecorder()
  try {
    const handled = createSignal()
    let count = 0
    let socket: Socket | undefined
    const app = await serve({
      handler: (request) => {
        socket = request.raw.socket as Socket
        count += 1
        if (count === REQUESTS) handled.resolve()
        return answer(request)
      },
    })
    const connection = await app.connect()
    connection.send(sent)
    await handled.promise
    assert.ok(socket)
    end(connection.socket, socket)
    for (const span of await serverSpans(REQUESTS)) {
      assertSpan(span, {
        status: 'error',
        attributes: { 'http.response.status_code': undefined, 'error.type': 'client_abort' },
      })
    }
    const points = await metrics.points(ACTIVE)
    assert.deepEqual(
      points.map(({ sum }) => sum),
      [0],
    )
  } finally {
    await metrics.shutdown()
  }
}

/** Promises about requests that wait for their turn on one connection (RFC 9112, section 9.3.2). */
export const pipelining: readonly ServerPromise[] = [
  {
    name: 'makes one span for each of the requests that a client pipelines',
    check: async ({ serve, serverSpans }) => {
      const app = await serve()
      const connection = await app.connect()
      connection.send(many(GET), 'GET /items/7 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
      await connection.ended()
      const attributes = { 'http.response.status_code': 200, 'error.type': undefined }
      for (const span of await serverSpans(REQUESTS + 1)) {
        assertSpan(span, { status: 'unset', attributes })
      }
    },
  },
  {
    name: 'ends every span of a client that pipelines and leaves',
    check: (stage) => breakingOff(stage, many(GET), (client) => void client.destroy()),
  },
  {
    name: 'ends every span of a client that pipelines and resets the connection',
    check: (stage) => breakingOff(stage, many(GET), (client) => void client.resetAndDestroy()),
  },
  {
    name: 'ends every span of a client that pipelines, has its bodies read, and leaves',
    check: (stage) => breakingOff(stage, many(POST), (client) => void client.destroy()),
  },
  {
    name: 'ends every span when the server closes a connection on which requests wait',
    check: (stage) => breakingOff(stage, many(GET), (_client, server) => void server.destroy()),
  },
  {
    name: 'records no status for an answer that was still waiting when the client left',
    check: async (stage) => {
      let first = true
      await breakingOff(
        stage,
        many(GET),
        (client) => void client.destroy(),
        (request) => {
          if (!first) return request.reply(200, {})
          first = false
          return new Promise(() => {})
        },
      )
    },
  },
]
