import { Writable } from 'node:stream'
import { setLogSink } from '@callchain/core/internal'
import { createRecorder } from '@callchain/testing'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import pino, { type LoggerOptions } from 'pino'
import { traceMixin, tracePino } from '../src/pino.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
const lines: Record<string, unknown>[] = []
const sink = new Writable({
  write: (chunk, _encoding, done) => {
    lines.push(JSON.parse(String(chunk)))
    done()
  },
})

beforeEach(() => {
  lines.length = 0
  recorder.reset()
})
afterAll(() => recorder.shutdown())

function plain(options: LoggerOptions = {}): pino.Logger {
  return pino({ base: null, timestamp: false, ...options }, sink)
}

describe('traceMixin', () => {
  it('takes names and presets', () => {
    const log = plain({ mixin: traceMixin({ preset: 'ecs' }) })
    inRequest('', () => log.info('x'))
    expect(lines[0]).toMatchObject({ 'trace.id': TRACE })
  })

  it('does not write twice what the base of the logger has', () => {
    const log = plain({ base: { tenant_id: 'the only one' }, mixin: traceMixin() })
    inRequest('tenant.id=acme', () => log.info('x'))
    expect(lines[0]).toMatchObject({ tenant_id: 'the only one', trace_id: TRACE })
  })

  it('looks at what each logger has, whichever wrote the line before', () => {
    const log = plain({ mixin: traceMixin() })
    const child = log.child({ tenant_id: 'the only one' })
    inRequest('tenant.id=acme', () => {
      for (const each of [log, child, log, child]) each.info('x')
    })
    const tenants = lines.map((line) => line.tenant_id)
    expect(tenants).toEqual(['acme', 'the only one', 'acme', 'the only one'])
  })
})

describe('tracePino', () => {
  it('returns the same logger, and traces the children that it had', () => {
    const log = plain()
    const child = log.child({ part: 'stock' })
    expect(tracePino(log)).toBe(log)
    inRequest('', () => child.info('x'))
    expect(lines).toEqual([expect.objectContaining({ part: 'stock', trace_id: TRACE })])
  })

  it('keeps the mixin that the logger has, and lets its fields win', () => {
    const log = tracePino(plain({ mixin: () => ({ host: 'a', tenant_id: 'of the mixin' }) }))
    inRequest('tenant.id=acme', () => log.info('x'))
    expect(lines[0]).toMatchObject({ host: 'a', tenant_id: 'of the mixin', trace_id: TRACE })
  })

  it('changes nothing the second time', () => {
    const log = tracePino(tracePino(plain()), { preset: 'ecs' })
    inRequest('', () => log.info('x'))
    expect(lines[0]).toMatchObject({ trace_id: TRACE })
    expect(lines[0]).not.toHaveProperty(['trace.id'])
  })

  it('refuses what is no pino logger', () => {
    expect(() => tracePino({} as pino.Logger)).toThrow(TypeError)
  })
})

describe('what pino redacts', () => {
  const secret = plain({ mixin: traceMixin(), redact: ['card', 'err.message'] })

  it('is in no span event', async () => {
    inRequest('', () => secret.error({ err: new RangeError('4711') }, 'payment failed'), {
      errorLogs: true,
    })
    const [span] = await recorder.waitFor(1)
    expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'log',
        {
          'log.severity': 'ERROR',
          'log.message': 'payment failed',
          'exception.type': 'RangeError',
          'exception.message': '[Redacted]',
        },
      ],
    ])
  })

  it('is not in what the log sink gets', () => {
    const taken: unknown[] = []
    setLogSink(({ line }) => taken.push(line))
    secret.info({ card: '4711' }, 'paid')
    setLogSink(undefined)
    expect(taken).toEqual([`${JSON.stringify({ level: 30, card: '[Redacted]', msg: 'paid' })}\n`])
  })
})
