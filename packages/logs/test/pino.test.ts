import { Writable } from 'node:stream'
import { createServerTracer, runIn, tenant, user } from '@callchain/core'
import { createRecorder } from '@callchain/testing'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import pino from 'pino'
import { logFields } from '../src/index.ts'
import { traceMixin } from '../src/pino.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const recorder = createRecorder()
const lines: Record<string, unknown>[] = []
const sink = new Writable({
  write: (chunk, _encoding, done) => {
    lines.push(JSON.parse(String(chunk)))
    done()
  },
})
const log = pino({ mixin: traceMixin(), base: null, timestamp: false }, sink)

beforeEach(() => {
  lines.length = 0
})
afterAll(() => recorder.shutdown())

function serve(baggage: string, callback: () => unknown): unknown {
  const call = createServerTracer().receive({
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress: '127.0.0.1',
    peerPort: 1,
    route: undefined,
    raw: undefined,
    header: (name) =>
      ({ traceparent: `00-${TRACE}-b7ad6b7169203331-01`, baggage })[name as 'baggage'],
  })
  const result = runIn(call, callback)
  call?.send({
    statusCode: 200,
    complete: true,
    route: undefined,
    error: undefined,
    header: () => undefined,
  })
  return result
}

describe('logFields', () => {
  it('is empty outside a request', () => {
    expect(logFields()).toEqual({})
  })

  it('is a fresh object each time', () => {
    serve('', () => expect(logFields()).not.toBe(logFields()))
  })
})

describe('traceMixin', () => {
  it('puts the trace and the identity on each line, from the moment they are known', () => {
    serve('user.id=ada', () => {
      log.info('one')
      tenant.set('acme')
      log.child({ part: 'child' }).info('two')
    })
    const ids = {
      trace_id: TRACE,
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_flags: '01',
    }
    expect(lines).toEqual([
      { level: 30, msg: 'one', ...ids, user_id: 'ada' },
      { level: 30, msg: 'two', part: 'child', ...ids, user_id: 'ada', tenant_id: 'acme' },
    ])
  })

  it('lets the call site win, and does not change what it was given', () => {
    const given = { tenant_id: 'mine' }
    serve('tenant.id=acme', () => log.info(given, 'x'))
    expect(lines[0]?.tenant_id).toBe('mine')
    expect(given).toEqual({ tenant_id: 'mine' })
  })

  it('keeps interleaved requests apart, after await', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        serve(`user.id=u${index}`, async () => {
          await new Promise(setImmediate)
          log.info({ expected: `u${index}`, got: user.get() }, 'x')
        }),
      ),
    )
    expect(lines).toHaveLength(100)
    for (const line of lines)
      expect([line.user_id, line.got]).toEqual([line.expected, line.expected])
  })

  it('adds nothing outside a request', () => {
    log.info('x')
    expect(lines).toEqual([{ level: 30, msg: 'x' }])
  })
})
