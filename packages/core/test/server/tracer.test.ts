import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  type InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { createServerTracer, runIn, setRoute, tenant } from '../../src/index.ts'
import { announceSdk } from '../../src/internal.ts'
import { suppressTracing } from '../../src/otel/suppression.ts'
import { answered, incoming, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const PUBLIC = { peerAddress: '203.0.113.7' }

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

function only() {
  const [span, ...more] = exporter.getFinishedSpans()
  if (span === undefined || more.length > 0) throw new Error(`${more.length + 1} spans`)
  return span
}

describe('a request from an internal caller', () => {
  it('continues the trace and obeys its sampled flag', () => {
    const tracer = createServerTracer()
    tracer.receive(incoming({ traceparent: `00-${TRACE}-${PARENT}-01` }))?.send(answered(200))
    tracer.receive(incoming({ traceparent: `00-${TRACE}-${PARENT}-00` }))?.send(answered(200))
    expect(only()).toMatchObject({
      name: 'GET',
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId: TRACE, spanId: PARENT, isRemote: true },
    })
  })

  it("starts its own trace if the caller's cannot be read", () => {
    createServerTracer()
      .receive(incoming({ traceparent: `00-${TRACE.toUpperCase()}-${PARENT}-01` }))
      ?.send(answered(200))
    expect(only().parentSpanContext).toBeUndefined()
    expect(only().spanContext().traceId).not.toBe(TRACE)
  })

  it('does not take a span that happens to be active for the parent', () => {
    const other = trace.getTracer('test').startSpan('start-up')
    const call = context.with(trace.setSpan(context.active(), other), () =>
      createServerTracer().receive(incoming()),
    )
    call?.send(answered(200))
    expect(only().parentSpanContext).toBeUndefined()
  })
})

describe('a request from the edge', () => {
  const headers = {
    traceparent: `00-${TRACE}-${PARENT}-00`,
    tracestate: 'vendor=1',
    baggage: 'tenant.id=evil',
  }

  it('is linked to by default, and sampled as if the caller had said nothing', () => {
    const call = createServerTracer().receive(incoming(headers, PUBLIC))
    expect(runIn(call, () => tenant.get())).toBeUndefined()
    call?.send(answered(200))
    const span = only()
    expect(span.spanContext().traceId).not.toBe(TRACE)
    expect(span.links).toMatchObject([{ context: { traceId: TRACE, spanId: PARENT } }])
    expect(span.links[0]?.context.traceState).toBeUndefined()
    expect(span.attributes).not.toHaveProperty(['tenant.id'])
  })

  it('leaves nothing of the caller under edge: ignore', () => {
    createServerTracer({ edge: 'ignore' }).receive(incoming(headers, PUBLIC))?.send(answered(200))
    expect(only()).toMatchObject({ links: [], parentSpanContext: undefined })
  })

  it('is linked under edge: join while no sampler can decide again', () => {
    createServerTracer({ edge: 'join' }).receive(incoming(headers, PUBLIC))?.send(answered(200))
    expect(only().links).toHaveLength(1)
  })
})

describe('the outcome', () => {
  const failure = new TypeError('boom')

  it.each([
    ['200', answered(200), SpanStatusCode.UNSET, undefined, 0],
    ['404', answered(404), SpanStatusCode.UNSET, undefined, 0],
    ['400 with an error', answered(400, undefined, failure), SpanStatusCode.UNSET, undefined, 0],
    ['a handled error', answered(200, undefined, failure), SpanStatusCode.UNSET, undefined, 0],
    ['500', answered(500), SpanStatusCode.ERROR, '500', 0],
    ['500 with an error', answered(500, undefined, failure), SpanStatusCode.ERROR, 'TypeError', 1],
    ['500, null thrown', answered(500, undefined, null), SpanStatusCode.ERROR, '500', 0],
    ['500, a string thrown', answered(500, undefined, 'x'), SpanStatusCode.ERROR, '_OTHER', 1],
    [
      'broken off by the client',
      { ...answered(200), statusCode: undefined, complete: false },
      SpanStatusCode.ERROR,
      'client_abort',
      0,
    ],
    [
      'broken off by the server',
      { ...answered(200, undefined, failure), complete: false },
      SpanStatusCode.ERROR,
      'TypeError',
      1,
    ],
  ])('%s', (_name, response, code, errorType, events) => {
    createServerTracer().receive(incoming())?.send(response)
    const span = only()
    expect(span.status).toEqual({ code })
    expect(span.attributes['error.type']).toBe(errorType)
    expect(span.events).toHaveLength(events)
    expect(span.attributes['http.response.status_code']).toBe(response.statusCode)
  })

  it('is decided by the first send alone', () => {
    const call = createServerTracer().receive(incoming())
    call?.send(answered(200))
    call?.send(answered(500))
    expect(only().status.code).toBe(SpanStatusCode.UNSET)
  })

  it('does not count a client that left when it is told not to', () => {
    const response = { ...answered(200), complete: false }
    createServerTracer({ clientAbort: 'unset' }).receive(incoming())?.send(response)
    expect(only().status.code).toBe(SpanStatusCode.UNSET)
  })

  it('survives an error whose properties cannot be read', () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('no')
      },
    })
    createServerTracer()
      .receive(incoming())
      ?.send(answered(500, undefined, hostile))
    expect(only().attributes['error.type']).toBe('_OTHER')
  })
})

describe('the route', () => {
  it('names the span, and setRoute beats the framework', () => {
    const call = createServerTracer().receive(incoming())
    expect(runIn(call, () => setRoute('/users/:id'))).toBe(true)
    call?.send(answered(200, '/*'))
    expect(only()).toMatchObject({
      name: 'GET /users/:id',
      attributes: { 'http.route': '/users/:id' },
    })
  })

  it('cannot be set outside a request', () => {
    expect(setRoute('/x')).toBe(false)
  })

  it('follows HTTP for a method that is not known', () => {
    createServerTracer()
      .receive(incoming({}, { method: 'PROPFIND' }))
      ?.send(answered(200, '/dav'))
    expect(only()).toMatchObject({
      name: 'HTTP /dav',
      attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'PROPFIND' },
    })
  })
})

describe('hooks and options', () => {
  it('go on when a hook throws', () => {
    const hook = () => {
      throw new Error('hook')
    }
    const tracer = createServerTracer({ ignore: hook, attributes: hook, onEnd: hook, trust: hook })
    tracer.receive(incoming())?.send(answered(200))
    expect(only().name).toBe('GET')
  })

  it('trace nothing of an ignored request, nor of what it causes', () => {
    const call = createServerTracer({ ignore: () => true }).receive(incoming())
    runIn(call, () => trace.getTracer('test').startSpan('child').end())
    call?.send(answered(200))
    expect(exporter.getFinishedSpans()).toHaveLength(0)
  })

  it('do nothing where tracing is suppressed', () => {
    const call = context.with(suppressTracing(context.active()), () =>
      createServerTracer().receive(incoming()),
    )
    expect(call).toBeUndefined()
  })

  it('record the headers that were asked for', () => {
    createServerTracer({ requestHeaders: ['X-Plan'], responseHeaders: ['x-cache'] })
      .receive(incoming({ 'x-plan': 'gold' }))
      ?.send({ ...answered(200), header: (name) => (name === 'x-cache' ? 'hit' : undefined) })
    expect(only().attributes).toMatchObject({
      'http.request.header.x-plan': ['gold'],
      'http.response.header.x-cache': ['hit'],
    })
  })

  it.each([
    [{ edge: 'trust' }, /edge of tracing\(\) cannot be 'trust'; allowed: 'link', 'join', 'ignore'/],
    [
      { thrust: 'edge' },
      /tracing\(\) has no option 'thrust'; did you mean 'trust'\? Allowed: trust, edge/,
    ],
    [
      { ignore: '/health' },
      /ignore of tracing\(\) cannot be '\/health'; allowed: a synchronous function/,
    ],
    [{ ignore: async () => true }, /ignore .* cannot be \[AsyncFunction: ignore\]/],
    [{ attributes: async () => ({}) }, /attributes .* allowed: a synchronous function/],
    [{ redactQuery: 'key' }, /redactQuery .* cannot be 'key'; allowed: an array of names/],
    [{ propagator: {} }, /propagator .* allowed: a propagator \(with inject, extract, fields\)/],
    [{ tracerProvider: {} }, /tracerProvider .* allowed: a tracer provider \(with getTracer\)/],
    [null, /the options of tracing\(\) cannot be null; allowed: an object/],
  ])('refuse %j at start-up, with words', (options, message) => {
    expect(() => createServerTracer(options as never)).toThrow(message)
  })
})

describe('addresses', () => {
  it('come from forwarding headers only where the proxy is ours', () => {
    const headers = {
      host: 'pod:3000',
      'x-forwarded-for': '10.1.2.3',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
    }
    createServerTracer().receive(incoming(headers))?.send(answered(200))
    createServerTracer().receive(incoming(headers, PUBLIC))?.send(answered(200))
    const [behindProxy, stranger] = exporter.getFinishedSpans()
    expect(behindProxy?.attributes).toMatchObject({
      'url.scheme': 'https',
      'server.address': 'shop.example',
      'server.port': 443,
      'client.address': '10.1.2.3',
      'network.peer.address': '127.0.0.1',
    })
    expect(stranger?.attributes).toMatchObject({
      'url.scheme': 'http',
      'server.address': 'pod',
      'server.port': 3000,
      'client.address': '203.0.113.7',
    })
  })
})

describe('a sampler that follows unsampled parents', () => {
  const unsampled = { traceparent: `00-${TRACE}-${PARENT}-00`, baggage: 'tenant.id=acme' }
  afterEach(() => announceSdk())

  it('spares the request all but what is passed on', () => {
    announceSdk({ followsParent: true })
    const call = createServerTracer().receive(incoming(unsampled))
    expect(call?.span.spanContext()).toMatchObject({ traceId: TRACE, spanId: PARENT })
    expect(runIn(call, () => tenant.get())).toBe('acme')
    call?.send(answered(500))
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('asks nothing of an answer that is not observed', () => {
    announceSdk({ followsParent: true })
    const asked: PropertyKey[] = []
    const answer = new Proxy(answered(500, '/x'), {
      get: (target, name) => {
        asked.push(name)
        return Reflect.get(target, name)
      },
    })
    createServerTracer().receive(incoming(unsampled))?.send(answer)
    expect(asked).toEqual([])
    createServerTracer().receive(incoming())?.send(answer)
    expect(asked).toContain('statusCode')
  })

  it('keeps nothing from onEnd', () => {
    announceSdk({ followsParent: true })
    const ends: unknown[] = []
    const tracer = createServerTracer({ onEnd: (...args) => ends.push(args[2]) })
    tracer.receive(incoming(unsampled))?.send(answered(503))
    expect(ends).toEqual([503])
  })

  it('does not matter to sampled parents, to roots, to callers on the edge, or to another provider', () => {
    announceSdk({ followsParent: true })
    const tracer = createServerTracer()
    tracer.receive(incoming({ traceparent: `00-${TRACE}-${PARENT}-01` }))?.send(answered(200))
    tracer.receive(incoming())?.send(answered(200))
    tracer.receive(incoming(unsampled, PUBLIC))?.send(answered(200))
    expect(exporter.getFinishedSpans()).toHaveLength(3)
    const own = new TracerProvider({
      sampler: new AlwaysOnSampler(),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    })
    createServerTracer({ tracerProvider: own }).receive(incoming(unsampled))?.send(answered(200))
    expect(exporter.getFinishedSpans()).toHaveLength(4)
  })
})
