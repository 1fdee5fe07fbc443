import { createContextManager } from '@callchain/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createConsoleTree, type TreeBounds } from '../src/console/console-tree.ts'

let written: string[]
let wrote: (() => void) | undefined
let processor: SpanProcessor
let tracer: Tracer

const BOUNDS: TreeBounds = { maxSpans: 10_000, orphanMillis: 60_000, remoteMillis: 60_000 }

/** A server's part of a trace whose root is in another process. */
function remoteContext(parent: SpanContext = REMOTE): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}

const REMOTE = { traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1 }

function nextWrite(): Promise<void> {
  return new Promise((resolve) => {
    wrote = resolve
  })
}

function create(isTTY = false, bounds: Partial<TreeBounds> = {}): void {
  const write = (text: string): void => {
    written.push(text.replaceAll(/\d+\.\d+ ms/g, 'N ms').replaceAll(/[0-9a-f]{32}/g, 'ID'))
    wrote?.()
  }
  processor = createConsoleTree({ isTTY, write }, { ...BOUNDS, ...bounds })
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

  it('does not show a span that was taken back since it began', () => {
    tracer.startActiveSpan('root', (root) => {
      const span = tracer.startSpan('cached')
      Object.assign(span.spanContext(), { traceFlags: TraceFlags.NONE })
      span.end()
      root.end()
    })
    expect(written).toEqual(['orders trace ID\nroot  N ms\n'])
  })

  it('takes a span whose parent is in another process for a root', async () => {
    create(false, { remoteMillis: 1 })
    const printed = nextWrite()
    tracer.startSpan('GET', {}, remoteContext()).end()
    await printed
    expect(written).toEqual(['orders trace ID\nGET  N ms\n'])
  })

  it('shows a service that calls itself in one tree, the caller first', () => {
    tracer.startActiveSpan('GET /outer', { kind: SpanKind.SERVER }, (outer) => {
      const call = tracer.startSpan('GET', { kind: SpanKind.CLIENT })
      const inner = tracer.startSpan('GET /inner', {}, remoteContext(call.spanContext()))
      inner.end()
      call.end()
      expect(written).toEqual([])
      outer.end()
    })
    expect(written).toEqual([
      'orders trace ID\nSERVER  GET /outer  N ms\n└─ CLIENT  GET  N ms\n   └─ GET /inner  N ms\n',
    ])
  })

  it('shows what a service does for one caller, call after call, below one heading', async () => {
    create(false, { remoteMillis: 1 })
    const printed = nextWrite()
    for (const name of ['GET /a', 'GET /b']) tracer.startSpan(name, {}, remoteContext()).end()
    await printed
    expect(written).toEqual(['orders trace ID\nGET /a  N ms\nGET /b  N ms\n'])
  })

  it('waits for what ends after its root, and for what that calls here', () => {
    tracer.startActiveSpan('root', (root) => {
      const late = tracer.startSpan('late')
      root.end()
      const inner = tracer.startSpan('inner', {}, remoteContext(late.spanContext()))
      late.end()
      expect(written).toEqual([])
      inner.end()
    })
    expect(written).toEqual(['orders trace ID\nroot  N ms\n└─ late  N ms\n   └─ inner  N ms\n'])
  })

  it('does not wait long for a span that stays open, nor for its end', async () => {
    create(false, { orphanMillis: 1, remoteMillis: 1 })
    const printed = nextWrite()
    const late = tracer.startActiveSpan('root', (root) => {
      const open = tracer.startSpan('late')
      root.end()
      return open
    })
    await printed
    const again = nextWrite()
    late.end()
    await again
    expect(written).toEqual(['orders trace ID\nroot  N ms\n', 'orders trace ID\nlate  N ms\n'])
  })

  it("shows an error's message, from the status or from what was recorded", () => {
    const span = tracer.startSpan('load', { attributes: { 'error.type': 'RangeError' } })
    span.recordException(new RangeError('too many\nof them'))
    span.setStatus({ code: SpanStatusCode.ERROR }).end()
    expect(written).toEqual([
      'orders trace ID\nload  N ms  ERROR too many  error.type=RangeError\n',
    ])
  })

  it('draws a trace of any depth, and no more than a line of bounded length for each span', () => {
    const spans: Span[] = []
    let within = ROOT_CONTEXT
    for (let depth = 0; depth < 10_000; depth++) {
      const span = tracer.startSpan('s', {}, within)
      within = trace.setSpan(within, span)
      spans.push(span)
    }
    for (const span of spans.reverse()) span.end()
    const lines = written.join('').trimEnd().split('\n')
    expect(lines).toHaveLength(10_001)
    expect(lines.at(-1)).toMatch(/^ {120}9999: s {2}N ms$/)
  })

  it('survives an output that throws', () => {
    wrote = () => {
      throw new Error('closed')
    }
    tracer.startSpan('root').end()
    expect(written).toHaveLength(1)
    wrote = undefined
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
