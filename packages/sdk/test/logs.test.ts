import { emitLogLine } from '@callchain/core/internal'
import { afterEach, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import {
  type Answer,
  type Collector,
  closedUrl,
  type Received,
  startCollector,
} from './collector.ts'
import { said, start } from './tracing-session.ts'

interface Sent {
  resourceLogs: {
    resource: { attributes: { key: string; value: unknown }[] }
    scopeLogs: { logRecords: Record<string, unknown>[] }[]
  }[]
}

let collector: Collector | undefined

async function listen(answer?: Answer): Promise<Collector> {
  collector = await startCollector(answer)
  return collector
}

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

const isLogs = ({ path }: Received): boolean => path.endsWith('/v1/logs')

function recordsIn(received: readonly Received[]): Record<string, unknown>[] {
  return received
    .filter(isLogs)
    .flatMap(({ body }) => (JSON.parse(String(body)) as Sent).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
}

/** By key, in order. */
function attributesOf(record: Record<string, unknown>): (readonly [string, unknown])[] {
  const attributes = record.attributes as { key: string; value: { stringValue?: string } }[]
  return attributes
    .map(({ key, value }) => [key, value.stringValue ?? value] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}

const json = { protocol: 'http/json', logs: 'otlp', serviceName: 'orders' } as const

describe('OTLP logs', () => {
  it('go to the same collector as the spans, each with its trace', async () => {
    const { url, received } = await listen()
    const tracing = start({ ...json, endpoint: url })
    const span = trace.getTracer('test').startSpan('GET /orders')
    const within = trace.setSpan(context.active(), span)
    const fields = { level: 50, time: 1795700000123, msg: 'broken', tenant_id: 'acme', pid: 7 }
    emitLogLine({ context: within, line: `${JSON.stringify(fields)}\n` })
    span.end()
    await tracing.flush()
    expect(received.map(({ path }) => path).toSorted()).toEqual(['/v1/logs', '/v1/traces'])
    const { traceId, spanId } = span.spanContext()
    expect(recordsIn(received)).toEqual([
      expect.objectContaining({
        timeUnixNano: '1795700000123000000',
        severityNumber: 17,
        severityText: 'ERROR',
        body: { stringValue: 'broken' },
        traceId,
        spanId,
        flags: 1,
        attributes: [{ key: 'tenant.id', value: { stringValue: 'acme' } }],
      }),
    ])
  })

  it('take the lines of every logger: words for levels, texts for times, the trace in a field', async () => {
    const { url, received } = await listen()
    const tracing = start({ ...json, endpoint: `${url}/otlp/v1/traces` })
    const trace_id = '0af7651916cd43dd8448eb211c80319c'
    const line = { level: 'warn', message: 'low', trace_id, span_id: 'b7ad6b7169203331' }
    emitLogLine({ context: ROOT_CONTEXT, line: { ...line, timestamp: '2026-11-22T17:00:00.500Z' } })
    emitLogLine({ context: ROOT_CONTEXT, line: 'no JSON at all\n' })
    await tracing.flush()
    expect(received.map(({ path }) => path)).toEqual(['/otlp/v1/logs'])
    expect(recordsIn(received)).toEqual([
      expect.objectContaining({
        timeUnixNano: '1795366800500000000',
        severityNumber: 13,
        severityText: 'WARN',
        body: { stringValue: 'low' },
        traceId: trace_id,
      }),
      expect.objectContaining({ body: { stringValue: 'no JSON at all' } }),
    ])
  })

  it('name identity and errors as the conventions do, of pino, bunyan and winston', async () => {
    const { url, received } = await listen()
    const tracing = start({ ...json, endpoint: url })
    const stack = 'TypeError: boom\n    at pay'
    const lines = [
      { level: 50, user_id: 'ada', err: { type: 'TypeError', message: 'boom', stack, code: 7 } },
      { level: 50, msg: 'it failed', err: { name: 'TypeError', message: 'boom', stack } },
      { level: 'error', message: 'boom', stack, error: 'a word' },
    ]
    for (const line of lines) emitLogLine({ context: ROOT_CONTEXT, line })
    await tracing.flush()
    const exception = [
      ['exception.message', 'boom'],
      ['exception.stacktrace', stack],
      ['exception.type', 'TypeError'],
    ]
    const code = { kvlistValue: { values: [{ key: 'code', value: { intValue: 7 } }] } }
    expect(recordsIn(received).map(attributesOf)).toEqual([
      [['err', code], ...exception, ['user.id', 'ada']],
      exception,
      [['error', 'a word'], ...exception],
    ])
  })

  it('are protobuf by default, and asked for by a variable too, with an address of their own', async () => {
    const { url, received } = await listen()
    const variables = {
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/own`,
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'api-key=logs',
    }
    const tracing = start({ exporter: 'none' }, variables)
    emitLogLine({ context: ROOT_CONTEXT, line: { level: 30, msg: 'started' } })
    await tracing.flush()
    expect(received).toEqual([expect.objectContaining({ path: '/own' })])
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'api-key': 'logs',
    })
    expect(received[0]?.body.includes('started')).toBe(true)
  })

  it('are not sent unless asked for, nor after shutdown', async () => {
    const { url, received } = await listen()
    const tracing = start({ endpoint: url })
    emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    await tracing.shutdown()
    const again = start({ ...json, endpoint: url })
    await again.shutdown()
    emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    expect(received).toEqual([])
  })

  it('are lost beyond the queue, and when the collector is down, and that is said', async () => {
    const endpoint = await closedUrl()
    const tracing = start({ ...json, endpoint, timeoutMillis: 50, batch: { maxQueueSize: 10 } })
    for (let line = 0; line < 25; line += 1)
      emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    await tracing.shutdown()
    expect(said().join('')).toMatch(/callchain: 25 log lines were lost: /)
  })

  it('are sent when tracing shuts down', async () => {
    const { url, received } = await listen()
    const tracing = start({ ...json, endpoint: url })
    emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'the last one' } })
    await tracing.shutdown()
    expect(recordsIn(received)).toHaveLength(1)
  })
})
