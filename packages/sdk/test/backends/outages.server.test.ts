import { emitLogLine } from '@callchain/core/internal'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import {
  type BreakableProxy,
  startBreakableProxy,
} from '../../../../test/backends/breakable-proxy.ts'
import { type RealCollector, startRealCollector } from '../../../../test/backends/collector.ts'
import { until } from '../../../../test/backends/until.ts'
import { searchLogs, victoriaLogsEndpoint } from '../../../../test/backends/victoria-logs.ts'
import { zipkinEndpoint, zipkinTrace } from '../../../../test/backends/zipkin.ts'
import type { Tracing } from '../../src/index.ts'
import { said, start } from '../tracing-session.ts'

let collector: RealCollector | undefined
let proxy: BreakableProxy | undefined
let working: NodeJS.Timeout | undefined

afterEach(async () => {
  clearInterval(working)
  collector?.thaw()
  await collector?.close()
  await proxy?.close()
  collector = undefined
  proxy = undefined
})

/** How many of a kind were said to be lost. */
function saidLost(what: 'span' | 'log line'): number {
  const counts = said().map((line) => new RegExp(`(\\d+) ${what}s? w`).exec(line)?.[1])
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0)
}

/** Ends spans until it is told to stop; returns the ids of all. */
function endSpans(): () => Set<string> {
  const ids = new Set<string>()
  const tracer = trace.getTracer('outages')
  working = setInterval(() => {
    for (let left = 2; left > 0; left--) {
      const span = tracer.startSpan('work')
      ids.add(span.spanContext().spanId)
      span.end()
    }
  }, 10)
  return () => {
    clearInterval(working)
    return ids
  }
}

const delivered = (): Set<string> => new Set(collector?.spans().map(({ id }) => id))

/** Waits until the Collector has at least so many more spans. */
function more(count: number): Promise<true> {
  const wanted = delivered().size + count
  return until(() => delivered().size >= wanted || undefined)
}

/** Waits until so many milliseconds of work went by; the outage itself is what takes that long. */
const outage = (millis: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, millis))

const often = { batch: { scheduledDelayMillis: 50 } }

describe.each(['http/protobuf', 'grpc'] as const)('over %s, a Collector', (protocol) => {
  let real: RealCollector
  let tracing: Tracing

  const begin = (variables: Record<string, string> = {}): void => {
    const endpoint = protocol === 'grpc' ? real.grpcUrl : real.url
    tracing = start({ ...often, protocol, endpoint }, variables)
  }
  beforeEach(async () => {
    real = await startRealCollector()
    collector = real
  })

  it('that is killed and comes back in a second or two costs nothing', async () => {
    begin()
    const stop = endSpans()
    await more(50)
    await real.kill()
    await outage(1000)
    await real.start()
    await more(50)
    const ended = stop()
    await tracing.shutdown()
    expect(said()).toEqual([])
    const found = delivered()
    expect([...ended].filter((id) => !found.has(id))).toEqual([])
  })

  it('that stays away costs what is said, to the last span', async () => {
    begin({ OTEL_EXPORTER_OTLP_TIMEOUT: '500' })
    const stop = endSpans()
    await more(50)
    await real.kill()
    await until(() => saidLost('span') > 0 || undefined)
    const ended = stop()
    await tracing.shutdown()
    const missing = [...ended].filter((id) => !delivered().has(id)).length
    expect(missing).toBeGreaterThan(0)
    // What the Collector had taken when it was killed, but not answered, counts as lost as well.
    expect(saidLost('span')).toBeGreaterThanOrEqual(missing)
    expect(saidLost('span') - missing).toBeLessThanOrEqual(512)
  })

  it('that hangs and goes on costs nothing that is not said', async () => {
    begin({ OTEL_EXPORTER_OTLP_TIMEOUT: '1000' })
    const stop = endSpans()
    await more(50)
    real.freeze()
    await until(() => saidLost('span') > 0 || undefined)
    real.thaw()
    await more(50)
    const ended = stop()
    await tracing.shutdown()
    const missing = [...ended].filter((id) => !delivered().has(id)).length
    expect(missing).toBeLessThanOrEqual(saidLost('span'))
  })

  it('that is slow costs nothing', async () => {
    proxy = await startBreakableProxy(protocol === 'grpc' ? real.grpcUrl : real.url)
    proxy.delay(300)
    tracing = start({ ...often, protocol, endpoint: proxy.url })
    const stop = endSpans()
    await more(200)
    const ended = stop()
    await tracing.shutdown()
    expect(said()).toEqual([])
    expect(delivered()).toEqual(ended)
  })
})

describe('Zipkin', () => {
  it('that goes away and comes back costs nothing', async () => {
    proxy = await startBreakableProxy(zipkinEndpoint)
    const variables = { OTEL_EXPORTER_ZIPKIN_ENDPOINT: proxy.url }
    const tracing = start({ ...often, exporter: 'zipkin' }, variables)
    const tracer = trace.getTracer('outages')
    const root = tracer.startSpan('root')
    const within = trace.setSpan(ROOT_CONTEXT, root)
    const work = (count: number): void => {
      for (let left = count; left > 0; left--) tracer.startSpan('work', {}, within).end()
    }
    const { traceId } = root.spanContext()
    work(20)
    await zipkinTrace(traceId, 20)
    await proxy.cut()
    work(20)
    await outage(500)
    await proxy.mend()
    root.end()
    await tracing.shutdown()
    expect(said()).toEqual([])
    expect(await zipkinTrace(traceId, 41)).toHaveLength(41)
  })
})

describe('VictoriaLogs', () => {
  it('that goes away and comes back costs nothing', async () => {
    proxy = await startBreakableProxy(victoriaLogsEndpoint)
    const variables = { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: proxy.url }
    const tracing = start({ ...often, exporter: [], logs: 'otlp' }, variables)
    const span = trace.getTracer('outages').startSpan('root')
    const within = trace.setSpan(ROOT_CONTEXT, span)
    const { traceId } = span.spanContext()
    const write = (count: number): void => {
      for (let left = count; left > 0; left--) {
        const line = JSON.stringify({ level: 30, time: Date.now(), msg: `line ${left}` })
        emitLogLine({ context: within, line: `${line}\n` })
      }
    }
    const stored = (count: number) =>
      until(async () => {
        const logs = await searchLogs(`trace_id:${traceId}`)
        return logs.length >= count ? logs : undefined
      })
    write(20)
    await stored(20)
    await proxy.cut()
    write(20)
    await outage(500)
    await proxy.mend()
    await tracing.shutdown()
    expect(said()).toEqual([])
    expect(await stored(40)).toHaveLength(40)
  })
})
