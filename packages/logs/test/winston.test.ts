import { type LogLine, setLogSink } from '@callchain/core/internal'
import { createRecorder } from '@callchain/testing'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import winston from 'winston'
import Transport from 'winston-transport'
import { traceMeta, traceWinston } from '../src/winston.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
const lines: unknown[] = []

class Kept extends Transport {
  override log(info: Record<symbol, string>, done: () => void): void {
    lines.push(JSON.parse(String(info[Symbol.for('message')])))
    done()
  }
}

beforeEach(() => {
  lines.length = 0
})
afterAll(() => recorder.shutdown())

function logger(options: winston.LoggerOptions = {}): winston.Logger {
  return winston.createLogger({ transports: [new Kept()], ...options })
}

describe('traceMeta', () => {
  it('takes fields of your own along, which win, and says nothing more outside a request', () => {
    const log = logger({ defaultMeta: traceMeta({ service: 'orders', tenant_id: 'mine' }) })
    inRequest('tenant.id=acme', () => log.info('inside'))
    log.info('outside')
    const own = { service: 'orders', tenant_id: 'mine', level: 'info' }
    expect(lines).toEqual([
      {
        ...own,
        message: 'inside',
        trace_id: TRACE,
        span_id: expect.any(String),
        trace_flags: '01',
      },
      { ...own, message: 'outside' },
    ])
  })
})

describe('traceWinston', () => {
  it('hands on what the formats have left of a line', () => {
    const taken: LogLine[] = []
    setLogSink((line) => taken.push(line))
    const hide = winston.format((info) => ({ ...info, card: '…' }))
    const { combine, json } = winston.format
    const log = traceWinston(logger({ format: combine(hide(), json()) }))
    inRequest('', () => log.info('paid', { card: '4711' }))
    setLogSink(undefined)
    expect(taken.map(({ line }) => line)).toEqual([
      expect.objectContaining({ card: '…', message: 'paid', trace_id: TRACE }),
    ])
    expect(JSON.stringify(taken)).not.toContain('4711')
  })

  it('lets the call site win where the line is one object, too', () => {
    const log = traceWinston(logger())
    inRequest('tenant.id=acme', () => log.info({ message: 'x', tenant_id: 'mine' }))
    expect(lines).toEqual([expect.objectContaining({ tenant_id: 'mine', trace_id: TRACE })])
  })

  it('keeps an error an error, and does not change it', () => {
    const seen: unknown[] = []
    const look = winston.format((info) => {
      seen.push(info)
      return info
    })
    const log = traceWinston(
      logger({ format: winston.format.combine(look(), winston.format.json()) }),
    )
    const error = new RangeError('broken')
    inRequest('', () => log.error(error))
    expect(seen).toEqual([expect.any(RangeError)])
    expect(seen[0]).toMatchObject({ message: 'broken', stack: error.stack, trace_id: TRACE })
    expect(error).not.toHaveProperty('trace_id')
  })

  it('keeps the stack of an error that tells it itself alone, as in Node 21 and newer', () => {
    const log = traceWinston(
      logger({
        format: winston.format.combine(
          winston.format.errors({ stack: true }),
          winston.format.json(),
        ),
      }),
    )
    const error = new RangeError('broken')
    const get = function (this: unknown): string | undefined {
      return this === error ? 'where it was thrown' : undefined
    }
    Object.defineProperty(error, 'stack', { get, configurable: true })
    inRequest('', () => log.error(error))
    expect(lines).toEqual([expect.objectContaining({ stack: 'where it was thrown' })])
  })

  it('returns the same logger, and traces the children that it had', () => {
    const log = logger()
    const child = log.child({ part: 'stock' })
    expect(traceWinston(traceWinston(log))).toBe(log)
    inRequest('', () => child.info('x'))
    expect(lines).toEqual([expect.objectContaining({ part: 'stock', trace_id: TRACE })])
  })

  it('traces a child logger alone, as a logger on top of it', () => {
    const log = logger()
    const child = traceWinston(log.child({ part: 'stock' }))
    inRequest('', () => {
      child.info('x')
      log.info('y')
    })
    expect(lines[0]).toMatchObject({ part: 'stock', trace_id: TRACE })
    expect(lines[1]).not.toHaveProperty('trace_id')
  })
})
