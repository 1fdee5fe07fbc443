import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { type LogLine, setLogSink, tenant, user } from '@callchain/core'
import { trace } from '@opentelemetry/api'
import type { ContractPromise } from './contract.ts'
import { CALLERS_TRACE, type LoggedLine, type LogStage } from './log-contract-stage.ts'

/** What every traced logger promises. */
export const logPromises: Readonly<Record<string, readonly ContractPromise<LogStage>[]>> = {
  'says where a line belongs': [
    {
      name: 'adds nothing outside a request',
      check: async ({ logger, lines }) => {
        logger.info({}, 'started')
        const [line] = await lines(1)
        assert.deepEqual(namesIn(line), [])
      },
    },
    {
      name: 'puts the trace, the span and the flags on each line of a request',
      check: async ({ logger, lines, request, recorder }) => {
        await request((res) => {
          logger.info({}, 'at work')
          res.end()
        })
        const [line] = await lines(1)
        const [span] = await recorder.waitFor(1)
        assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
        assert.equal(fieldsOf(line).span_id, span?.spanContext().spanId)
        assert.equal(fieldsOf(line).trace_flags, '01')
      },
    },
    {
      name: 'names the span that the line was logged in',
      check: async ({ logger, lines, request }) => {
        let inner = ''
        await request((res) => {
          trace.getTracer('test').startActiveSpan('inner', (span) => {
            inner = span.spanContext().spanId
            logger.info({}, 'inside')
            span.end()
          })
          res.end()
        })
        const [line] = await lines(1)
        assert.equal(fieldsOf(line).span_id, inner)
      },
    },
    {
      name: 'puts the tenant and the user on each line, from the moment they are known',
      check: async ({ logger, lines, request }) => {
        await request((res) => {
          logger.info({}, 'before')
          tenant.set('acme')
          logger.info({}, 'after')
          res.end()
        }, 'user.id=ada')
        const [before, after] = await lines(2)
        assert.deepEqual(identityIn(before), [undefined, 'ada'])
        assert.deepEqual(identityIn(after), ['acme', 'ada'])
      },
    },
    {
      name: 'does the same for errors and for child loggers',
      check: async ({ logger, lines, request }) => {
        await request((res) => {
          logger.error(new Error('broken'))
          logger.child({ part: 'stock' }).info({}, 'from the child')
          res.end()
        }, 'tenant.id=acme')
        const [error, child] = await lines(2)
        for (const line of [error, child]) {
          assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
          assert.equal(fieldsOf(line).tenant_id, 'acme')
        }
        assert.match(textOf(error), /broken/)
        assert.equal(fieldsOf(child).part, 'stock')
      },
    },
  ],
  'keeps what the application says': [
    {
      name: 'lets a field of the call site win, and writes it once',
      check: async ({ logger, lines, request }) => {
        await request((res) => {
          logger.info({ tenant_id: 'mine', trace_id: 'mine' }, 'at work')
          res.end()
        }, 'tenant.id=acme')
        const [line] = await lines(1)
        assertOnce(line, { tenant_id: 'mine', trace_id: 'mine' })
      },
    },
    {
      name: "lets a child logger's own field win, and writes it once",
      check: async ({ logger, lines, request }) => {
        const child = logger.child({ tenant_id: 'mine', at: { trace_id: 'elsewhere' } })
        await request((res) => {
          child.info({}, 'at work')
          res.end()
        }, 'tenant.id=acme')
        const [line] = await lines(1)
        assertOnce(line, { tenant_id: 'mine' })
        assert.equal(fieldsOf(line).trace_id, CALLERS_TRACE)
      },
    },
    {
      name: 'changes no object that it is given, and takes frozen ones',
      check: async ({ logger, lines, request }) => {
        const given = { order: 7, tenant_id: 'mine' }
        const frozen = Object.freeze({ order: 8 })
        await request((res) => {
          logger.info(given, 'at work')
          logger.info(frozen, 'at work')
          res.end()
        })
        await lines(2)
        assert.deepEqual(given, { order: 7, tenant_id: 'mine' })
        assert.deepEqual(frozen, { order: 8 })
      },
    },
    {
      name: 'carries nothing from one line into the next',
      check: async ({ logger, lines, request }) => {
        await request((res) => {
          logger.info({ tenant_id: 'mine', order: 7 }, 'first')
          logger.info({}, 'second')
          res.end()
        }, 'tenant.id=acme')
        const [, second] = await lines(2)
        assert.deepEqual(identityIn(second), ['acme', undefined])
        assert.equal(fieldsOf(second).order, undefined)
        logger.info({}, 'outside')
        const [, , outside] = await lines(3)
        assert.deepEqual(namesIn(outside), [])
      },
    },
  ],
  'shows errors in the trace': [
    {
      name: 'records an error line as an event of the span it was logged in, with errorLogs',
      check: async ({ logger, request, recorder, lines }) => {
        const inner = trace.getTracer('test')
        await request(
          (res) => {
            inner.startActiveSpan('inner', (span) => {
              logger.error(new RangeError('broken'))
              logger.info({}, 'no error')
              span.end()
            })
            res.end()
          },
          '',
          { errorLogs: true },
        )
        await lines(2)
        const spans = await recorder.waitFor(2)
        const [event, ...others] = spans.find(({ name }) => name === 'inner')?.events ?? []
        assert.deepEqual(others, [])
        assert.equal(event?.name, 'log')
        assert.deepEqual(event.attributes, {
          'log.severity': 'ERROR',
          'log.message': 'broken',
          'exception.type': 'RangeError',
          'exception.message': 'broken',
        })
      },
    },
    {
      name: 'records no line as an event when it is not asked to',
      check: async ({ logger, request, recorder, lines }) => {
        await request((res) => {
          logger.error(new Error('broken'))
          res.end()
        })
        await lines(1)
        const [span] = await recorder.waitFor(1)
        assert.deepEqual(span?.events, [])
      },
    },
  ],
  'hands on what it has written': [
    {
      name: 'gives the log sink each line with the context it was logged in, and nobody else',
      check: async ({ logger, request, lines }) => {
        const taken: LogLine[] = []
        logger.info({}, 'before')
        setLogSink((line) => taken.push(line))
        try {
          await request((res) => {
            logger.info({ order: 7 }, 'first')
            logger.child({ part: 'stock' }).info({}, 'second')
            res.end()
          })
          await lines(3)
        } finally {
          setLogSink(undefined)
        }
        const traces = taken.map(({ context }) => trace.getSpanContext(context)?.traceId)
        assert.deepEqual(traces, [CALLERS_TRACE, CALLERS_TRACE])
        const [first, second] = taken.map(({ line }) =>
          JSON.parse(typeof line === 'string' ? line : JSON.stringify(line)),
        )
        assert.deepEqual([first.order, first.trace_id], [7, CALLERS_TRACE])
        assert.deepEqual([second.part, second.msg ?? second.message], ['stock', 'second'])
      },
    },
  ],
  'is never wrong': [
    {
      name: 'knows the trace after await, in callbacks and in timers',
      check: async ({ logger, lines, request }) => {
        await request(async (res) => {
          await new Promise(setImmediate)
          logger.info({}, 'after await')
          process.nextTick(() => logger.info({}, 'in a callback'))
          setTimeout(() => {
            logger.info({}, 'in a timer')
            res.end()
          }, 1)
        })
        assertTraced(await lines(3), 3)
      },
    },
    {
      name: 'knows the trace in error handlers and where promises are rejected',
      check: async ({ logger, lines, request }) => {
        await request(async (res) => {
          const emitter = new EventEmitter().on('error', (error) => logger.error(error))
          emitter.emit('error', new Error('emitted'))
          await Promise.reject(new Error('rejected')).catch((error) => logger.error(error))
          try {
            throw new Error('thrown')
          } catch (error) {
            logger.error(error as Error)
          }
          res.end()
        })
        assertTraced(await lines(3), 3)
      },
    },
    {
      name: 'knows the trace in the close of the request and of the response',
      check: async ({ logger, lines, serve }) => {
        const closed: Promise<unknown>[] = []
        const { port } = await serve((req, res) => {
          req.on('close', () => logger.info({}, 'request closed'))
          res.on('close', () => logger.info({}, 'response closed'))
          closed.push(once(res, 'close'))
          res.write('half')
        })
        const socket = connect(port, '127.0.0.1')
        socket.write(requestText(1, false))
        await once(socket, 'data')
        socket.destroy()
        const all = await lines(2)
        await Promise.all(closed)
        for (const line of all) assert.equal(fieldsOf(line).trace_id, traceIdOf(1))
      },
    },
    {
      name: 'writes not one line of 10,000 interleaved requests under a wrong id, to a slow transport',
      check: async ({ logger, lines, serve }) => {
        const { port } = await serve(async (req, res) => {
          const asked = Number(req.url?.slice(1))
          logger.info({ asked }, 'received')
          for (let turn = asked % 4; turn > 0; turn -= 1) await new Promise(setImmediate)
          logger.info({ asked, found: user.get() }, 'answered')
          res.end()
        })
        await Promise.all(Array.from({ length: 50 }, (_, socket) => pipeline(port, socket, 200)))
        const all = await lines(20_000)
        const wrong = all.filter(({ fields }) => !isRight(fields))
        assert.equal(all.length, 20_000)
        assert.deepEqual(wrong, [])
      },
    },
  ],
}

function isRight({ asked, trace_id, user_id, msg, message, found }: LoggedLine['fields']): boolean {
  const caller = `u${asked}`
  const isAnswer = (msg ?? message) === 'answered'
  return (
    trace_id === traceIdOf(Number(asked)) && user_id === caller && (!isAnswer || found === caller)
  )
}

/** Sends requests over one connection without waiting for their answers, and reads these to the end. */
async function pipeline(port: number, socketNumber: number, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').resume()
  for (let sent = 0; sent < count; sent += 1) {
    socket.write(requestText(socketNumber * count + sent + 1, sent === count - 1))
  }
  await once(socket, 'close')
}

function requestText(number: number, isLast: boolean): string {
  return [
    `GET /${number} HTTP/1.1`,
    'host: localhost',
    `traceparent: 00-${traceIdOf(number)}-b7ad6b7169203331-01`,
    `baggage: user.id=u${number}`,
    ...(isLast ? ['connection: close'] : []),
    '\r\n',
  ].join('\r\n')
}

function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, '0')
}

function fieldsOf(line: LoggedLine | undefined): LoggedLine['fields'] {
  assert.ok(line)
  return line.fields
}

function textOf(line: LoggedLine | undefined): string {
  assert.ok(line)
  return line.text
}

function namesIn(line: LoggedLine | undefined): string[] {
  const ours = ['trace_id', 'span_id', 'trace_flags', 'tenant_id', 'user_id']
  return ours.filter((name) => name in fieldsOf(line))
}

function identityIn(line: LoggedLine | undefined): unknown[] {
  return [fieldsOf(line).tenant_id, fieldsOf(line).user_id]
}

function assertTraced(lines: readonly LoggedLine[], count: number): void {
  assert.deepEqual(
    lines.map(({ fields }) => fields.trace_id),
    Array.from({ length: count }, () => CALLERS_TRACE),
  )
}

function assertOnce(line: LoggedLine | undefined, expected: Record<string, string>): void {
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(fieldsOf(line)[name], value)
    const times = textOf(line).split(`"${name}":`).length - 1
    assert.equal(times, 1, `${name} stands ${times} times on ${textOf(line)}`)
  }
}
