import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Span, type TracerProvider, trace } from '@opentelemetry/api'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createServerTracer } from '../../src/index.ts'
import { answered, incoming, record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

describe('the end of a request', () => {
  it('is told once, however often it is said', () => {
    const ends: unknown[] = []
    const tracer = createServerTracer({ onEnd: (_span, _request, status) => ends.push(status) })
    const call = tracer.receive(incoming())
    call?.send(answered(200))
    call?.send(answered(500))
    expect(ends).toEqual([200])
  })

  it('is told while the span can still be written on', () => {
    const onEnd = (span: Span) => void span.setAttribute('app.rows', 7)
    createServerTracer({ onEnd }).receive(incoming())?.send(answered(200))
    expect(exporter.getFinishedSpans()[0]?.attributes['app.rows']).toBe(7)
  })

  it('ends a span as well that another SDK has and does not record', () => {
    let ends = 0
    const span = trace.wrapSpanContext({
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: 0,
    })
    const end = () => {
      ends += 1
    }
    const open = Object.assign(span, { end })
    const tracerProvider: TracerProvider = {
      getTracer: () => ({ startSpan: () => open, startActiveSpan: () => undefined as never }),
    }
    createServerTracer({ tracerProvider }).receive(incoming())?.send(answered(200))
    expect(ends).toBe(1)
  })
})
