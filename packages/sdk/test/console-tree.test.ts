import { createContextManager } from '@callchain/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createConsoleTree, type TreeBounds } from '../src/console-tree.ts'

let written: string[]
let wrote: (() => void) | undefined
let processor: SpanProcessor
let tracer: Tracer

function create(isTTY = false, bounds?: TreeBounds): void {
  const write = (text: string): void => {
    written.push(text.replaceAll(/\d+\.\d+ ms/g, 'N ms').replaceAll(/[0-9a-f]{32}/g, 'ID'))
    wrote?.()
  }
  processor = createConsoleTree({ isTTY, write }, bounds)
  const resource = resourceFromAttributes({ 'service.name': 'orders' })
  tracer = new TracerProvider({ resource, spanProcessors: [processor] }).getTracer('test')
}

beforeEach(() => {
  context.setGlobalContextManager(createContextManager().enable())
  written = []
  wrote = undefined
  delete process.env.NO_COLOR
  create()
})

afterEach(async () => {
  await processor.shutdown()
  context.disable()
})

describe('the console tree', () => {
  it('shows a call chain when its root ends', () => {
    tracer.startActiveSpan('GET /orders/:id', { kind: SpanKind.SERVER }, (server) => {
      server.setAttributes({ 'http.response.status_code': 500, 'tenant.id': 'acme' })
      tracer.startActiveSpan('load', (load) => {
        const attributes = { 'db.query.text': '\n  SELECT *\n  FROM orders' }
        tracer.startSpan('SELECT orders', { kind: SpanKind.CLIENT, attributes }).end()
        load.end()
      })
      const call = tracer.startSpan('GET', { kind: SpanKind.CLIENT })
      call.setStatus({ code: SpanStatusCode.ERROR, message: 'ECONNREFUSED' }).end()
      expect(written).toEqual([])
      server.end()
    })
    expect(written).toEqual([
      `orders trace ID
SERVER  GET /orders/:id  N ms  500  tenant.id=acme
├─ load  N ms
│  └─ CLIENT  SELECT orders  N ms  SELECT *
└─ CLIENT  GET  N ms  ERROR ECONNREFUSED
`,
    ])
  })

  it('takes a span whose parent is in another process for a root', () => {
    const spanContext = {
      traceId: '1'.repeat(32),
      spanId: '1'.repeat(16),
      traceFlags: 1,
      isRemote: true,
    }
    tracer.startSpan('GET', {}, trace.setSpanContext(ROOT_CONTEXT, spanContext)).end()
    expect(written).toEqual(['orders trace ID\nGET  N ms\n'])
  })

  it('shows what ends after its root a little later', async () => {
    create(false, { maxSpans: 10, orphanMillis: 1 })
    tracer.startActiveSpan('root', (root) => {
      const late = tracer.startSpan('late')
      root.end()
      late.end()
    })
    expect(written).toHaveLength(1)
    await new Promise<void>((resolve) => {
      wrote = resolve
    })
    expect(written[1]).toBe('orders trace ID\nlate  N ms\n')
  })

  it('shows what waits when it is flushed', async () => {
    tracer.startActiveSpan('root', () => tracer.startSpan('child').end())
    await processor.forceFlush()
    expect(written).toEqual(['orders trace ID\nchild  N ms\n'])
  })

  it('holds no more spans than it may', () => {
    create(false, { maxSpans: 2, orphanMillis: 60_000 })
    tracer.startActiveSpan('root', () => {
      for (const name of ['a', 'b', 'c']) tracer.startSpan(name).end()
    })
    expect(written).toEqual(['orders trace ID\na  N ms\nb  N ms\nc  N ms\n'])
  })

  it('passes nothing on that a terminal would obey', () => {
    tracer.startSpan('\x1b[2Jwipe', { attributes: { 'user.id': 'a\x07\u009b' } }).end()
    expect(written).toEqual(['orders trace ID\n\ufffd[2Jwipe  N ms  user.id=a\ufffd\ufffd\n'])
  })

  it.each([
    [true, undefined, true],
    [true, '1', false],
    [false, undefined, false],
  ])('on a terminal: %p, NO_COLOR: %p, colours: %p', (isTTY, noColor, colours) => {
    if (noColor) process.env.NO_COLOR = noColor
    create(isTTY)
    tracer.startSpan('root').end()
    expect(written.join().includes('\x1b[1m')).toBe(colours)
  })
})
