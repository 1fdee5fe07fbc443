import { createServer, get, type RequestListener } from 'node:http'
import { createRecorder } from '@callchain/testing'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { listen } from '../../testing/src/listen.ts'
import { TRACE } from './in-request.ts'
import { createApp as withMorgan } from './recipes/express-morgan.ts'
import { createApp as withPinoHttp } from './recipes/express-pino-http.ts'
import { createApp as withKoaPinoLogger } from './recipes/koa-pino-logger.ts'

const recorder = createRecorder()
const lines: Record<string, unknown>[] = []
let arrived = (): void => {}
const destination = {
  write: (line: string) => {
    lines.push(JSON.parse(line))
    arrived()
  },
}

beforeEach(() => {
  lines.length = 0
})
afterAll(() => recorder.shutdown())

/** Sends a request and waits until so many lines are written. */
async function linesOf(application: RequestListener, count: number): Promise<typeof lines> {
  const server = await listen(createServer(application))
  const written = new Promise<void>((resolve) => {
    arrived = () => {
      if (lines.length === count) resolve()
    }
  })
  const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }
  const answered = new Promise<void>((resolve, reject) => {
    get({ port: server.port, host: '127.0.0.1', path: '/orders/1', agent: false, headers })
      .on('response', (response) => response.resume().on('close', resolve))
      .on('error', reject)
  })
  await Promise.all([answered, written])
  await server.close()
  return lines
}

describe('pino-http after tracing()', () => {
  it('has the trace on every line, and the tenant from the moment it is known', async () => {
    const all = await linesOf(withPinoHttp(destination), 3)
    expect(all.map(({ msg, trace_id, tenant_id }) => [msg, trace_id, tenant_id])).toEqual([
      ['request received', TRACE, undefined],
      ['looked up', TRACE, 'acme'],
      ['request completed', TRACE, 'acme'],
    ])
  })
})

describe('koa-pino-logger after tracing()', () => {
  it('has the trace and the tenant on every line', async () => {
    const all = await linesOf(withKoaPinoLogger(destination).callback(), 2)
    expect(all.map(({ msg, trace_id, tenant_id }) => [msg, trace_id, tenant_id])).toEqual([
      ['looked up', TRACE, 'acme'],
      ['request completed', TRACE, 'acme'],
    ])
  })
})

describe('morgan after tracing()', () => {
  it('has the trace and the tenant on its line', async () => {
    const [line] = await linesOf(withMorgan(destination), 1)
    expect(line).toMatchObject({ method: 'GET', status: '200', trace_id: TRACE, tenant_id: 'acme' })
  })
})
