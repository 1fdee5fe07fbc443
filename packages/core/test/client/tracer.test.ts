import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createClientTracer, createServerTracer, runIn } from '../../src/index.ts'
import { suppressTracing } from '../../src/otel/suppression.ts'
import { incoming, outgoing, record } from '../recorder.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

function within<T>(headers: Record<string, string>, callback: () => T): T {
  return runIn(createServerTracer().receive(incoming(headers)), callback)
}

function send(url: string, headers?: Record<string, string>, options = {}) {
  const request = outgoing(url, headers)
  const call = createClientTracer(options).send(request)
  call.receive({ statusCode: 200 })
  return request.headers
}

describe('the headers of a call', () => {
  it.each([
    ['01', '01'],
    ['03', '03'],
    ['00', '00'],
    ['02', '02'],
    ['ff', '03'],
  ])('continue a trace with flags %s as %s', (flags, sent) => {
    const headers = within({ traceparent: `00-${TRACE}-${PARENT}-${flags}` }, () =>
      send('http://a/'),
    )
    expect(headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${sent}$`))
    expect(headers.traceparent).not.toContain(PARENT)
  })

  it('set the random flag on a trace that starts here, in a request and outside of one', () => {
    expect(send('http://a/').traceparent).toMatch(/-03$/)
    expect(within({}, () => send('http://a/')).traceparent).toMatch(/-03$/)
  })

  it('hand on tracestate, and baggage nobody declared byte for byte', () => {
    const baggage = 'k=a%20b;p=1 ; q , empty=,k=2,percent=%FF'
    const headers = within(
      { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'a=1, b=2', baggage },
      () => send('http://a/'),
    )
    expect(headers.tracestate).toBe('a=1,b=2')
    expect(headers.baggage).toBe('k=a%20b;p=1 ; q,empty=,k=2,percent=%FF')
  })

  it('take the place of what the application set, but keep its baggage for a host of ours', () => {
    const headers = within({ baggage: 'tenant.id=acme,x=1' }, () =>
      send('http://a/', {
        traceparent: 'mine',
        tracestate: 'mine=1',
        baggage: 'mine=1,tenant.id=evil',
      }),
    )
    expect(headers.traceparent).toMatch(/^00-/)
    expect(headers.tracestate).toBeUndefined()
    expect(headers.baggage).toBe('tenant.id=acme,mine=1,x=1')
  })

  it('carry what was set through the baggage API in place of what came in', () => {
    const headers = within({ baggage: 'a=1;p,b=2' }, () => {
      const baggage = propagation.getActiveBaggage() ?? propagation.createBaggage()
      expect(baggage.getEntry('a')?.value).toBe('1')
      const changed = baggage.removeEntry('b').setEntry('c', { value: 'ü' })
      return context.with(propagation.setBaggage(context.active(), changed), () =>
        send('http://a/'),
      )
    })
    expect(headers.baggage).toBe('a=1;p,c=%C3%BC')
  })

  it('stay as they are where tracing is suppressed', () => {
    const headers = context.with(suppressTracing(context.active()), () =>
      send('http://a/', { traceparent: 'mine' }),
    )
    expect(headers).toEqual({ traceparent: 'mine' })
    expect(exporter.getFinishedSpans()).toHaveLength(0)
  })

  it('go where the options send them', () => {
    const options = { send: { trace: 'internal', identity: ['.partner.example'] } }
    within({ baggage: 'tenant.id=acme' }, () => {
      expect(Object.keys(send('https://api.example/', {}, options))).toEqual([])
      expect(Object.keys(send('http://orders/', {}, options))).toEqual(['traceparent'])
      expect(send('https://api.partner.example/', {}, options)).toEqual({
        baggage: 'tenant.id=acme',
      })
    })
  })

  it.each([
    ['http://LOCALHOST/', true],
    ['http://localhost./', true],
    ['http://2130706433/', true],
    ['http://0x7f.1/', true],
    ['http://[::1]:8080/', true],
    ['http://[fd00::1]/', true],
    ['http://[::ffff:10.0.0.1]/', true],
    ['http://BÜCHER.example/', true],
    ['http://a.b.svc.cluster.local/', true],
    ['http://[::ffff:8.8.8.8]/', false],
    ['http://134744072/', false],
    ['http://localhost:x@evil.example/', false],
    ['http://evil.example//localhost/', false],
    ['http://evil.example/?localhost', false],
    ['http://evil.example#localhost', false],
    ['http://evil.example\\@localhost/', false],
    ['http://localhost.evil.example/', false],
    ['http://127.0.0.1.nip.example/', false],
    ['http://xn--bcher-kva.example.evil.example/', false],
    ['http://evil.local.example/', false],
  ])('take %s for a host of ours: %s', (url, isOurs) => {
    const options = { internalHosts: ['bücher.example'] }
    const sent = within({ baggage: 'tenant.id=acme' }, () => send(url, {}, options))
    expect(sent.baggage).toBe(isOurs ? 'tenant.id=acme' : undefined)
  })

  it('do not hang on what a hook does with the URL that it is given', () => {
    const lead = (url: URL): undefined => {
      url.hostname = 'localhost'
      url.search = ''
    }
    const options = { ignore: lead, urlTemplate: lead, attributes: lead }
    const sent = within({ baggage: 'tenant.id=acme' }, () =>
      send('http://evil.example/?q=1', {}, options as never),
    )
    expect(sent.baggage).toBeUndefined()
    const [span] = exporter.getFinishedSpans()
    expect(span?.attributes['url.full']).toBe('http://evil.example/?q=1')
  })

  it('go to hosts that were added as internal', () => {
    within({ baggage: 'tenant.id=acme' }, () => {
      const options = { internalHosts: ['api.acme.io'] }
      expect(send('https://api.acme.io/', {}, options).baggage).toBe('tenant.id=acme')
      expect(send('https://api.acme.io.evil.com/', {}, options).baggage).toBeUndefined()
    })
  })
})

describe('the span of a call', () => {
  it('is a child of the server span and says what was asked for', () => {
    within({}, () =>
      send(
        'http://ada:pw@orders:8080/a?X-Amz-Signature=s&q=1#frag',
        {},
        {
          urlTemplate: () => '/{letter}',
        },
      ),
    )
    const [span] = exporter.getFinishedSpans()
    expect(span).toMatchObject({
      name: 'GET /{letter}',
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'GET',
        'url.full': 'http://REDACTED:REDACTED@orders:8080/a?X-Amz-Signature=REDACTED&q=1',
        'url.template': '/{letter}',
        'server.address': 'orders',
        'server.port': 8080,
        'http.response.status_code': 200,
      },
      status: { code: SpanStatusCode.UNSET },
    })
    expect(span?.parentSpanContext?.spanId).toBeDefined()
  })

  it.each([
    [{ statusCode: 404 }, SpanStatusCode.ERROR, '404'],
    [{ statusCode: 302 }, SpanStatusCode.UNSET, undefined],
    [
      { error: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) },
      SpanStatusCode.ERROR,
      'ECONNREFUSED',
    ],
    [{ error: new TypeError('x') }, SpanStatusCode.ERROR, 'TypeError'],
    [{ cancelled: true, error: new Error('x') }, SpanStatusCode.UNSET, undefined],
  ])('ends as %j says', (response, code, errorType) => {
    createClientTracer().send(outgoing('http://a/')).receive(response)
    const [span] = exporter.getFinishedSpans()
    expect(span?.status).toEqual({ code })
    expect(span?.attributes['error.type']).toBe(errorType)
  })

  it('is not opened for what does not go over HTTP', () => {
    for (const url of ['data:,a', ' DATA:,a', 'file:///etc/hosts', 'ftp://localhost/', 'blob:a'])
      expect(send(url)).toEqual({})
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('is not opened for a URL that cannot be one, nor for an ignored one', () => {
    expect(send('not a url')).toEqual({})
    expect(send('http://a/', {}, { ignore: (url: URL) => url.hostname === 'a' })).toEqual({})
    expect(exporter.getFinishedSpans()).toHaveLength(0)
  })

  it('is named by nothing that is no text', () => {
    send('http://a/', {}, { urlTemplate: () => Promise.resolve('/late') })
    expect(exporter.getFinishedSpans()[0]?.name).toBe('GET')
  })

  it('shows an error without the secrets of the URL that it quotes', () => {
    const call = createClientTracer().send(outgoing('http://a/'))
    const error = new TypeError('no: https://ada:lovelace@a/?token=secret&q=1 and http://b/')
    call.receive({ error: Object.assign(error, { code: 'NO' }) })
    const [span] = exporter.getFinishedSpans()
    expect(span?.attributes['error.type']).toBe('NO')
    expect(span?.events[0]?.attributes).toMatchObject({
      'exception.message': 'no: https://REDACTED:REDACTED@a/?token=REDACTED&q=1 and http://b/',
    })
    expect(JSON.stringify(span?.events)).not.toMatch(/lovelace|secret/)
    expect(error.message).toContain('lovelace')
  })

  it('is the active span in its context', () => {
    const call = createClientTracer().send(outgoing('http://a/'))
    expect(trace.getSpan(call.context)).toBe(call.span)
    call.receive({ statusCode: 200 })
  })
})

describe('options', () => {
  it.each([
    [
      { send: { trace: 'some' } },
      /send.trace of an HTTP client cannot be 'some'; allowed: 'all', 'internal', 'none' or an array/,
    ],
    [
      { send: { identity: 'all' } },
      /send.identity .* cannot be 'all'; allowed: 'internal', 'none'/,
    ],
    [{ internalHosts: ['https://a'] }, /https:\/\/a/],
    [{ host: 'a' }, /an HTTP client has no option 'host'; .*llowed: send, internalHosts/],
    [{ send: { traces: 'none' } }, /no option 'send.traces'; did you mean 'send.trace'\?/],
    [{ send: 'none' }, /send of an HTTP client cannot be 'none'; allowed: an object/],
    [{ redactQuery: 'x' }, /redactQuery .* cannot be 'x'; allowed: an array of names/],
    [{ urlTemplate: async () => '/' }, /urlTemplate .* allowed: a synchronous function/],
    [{ propagator: {} }, /propagator .* allowed: a propagator/],
    [{ tracerProvider: { getTracer: true } }, /tracerProvider .* allowed: a tracer provider/],
  ])('%j is refused at start-up', (options, message) => {
    expect(() => createClientTracer(options as never)).toThrow(message)
  })
})

describe('an attempt that changes on its way', () => {
  it('tells where it has gone, with its new template', () => {
    const tracer = createClientTracer({
      urlTemplate: ({ pathname }) => pathname.replace(/\d+/, '{id}'),
      send: { identity: ['a'] },
    })
    const call = tracer.send(outgoing('http://a/items/7', { baggage: 'own=1' }))
    const moved = outgoing('https://b.example/users/7?token=x', { baggage: 'own=1' })
    tracer.writeHeaders(moved, call)
    call.receive({ statusCode: 200 })

    const [span] = exporter.getFinishedSpans()
    expect(moved.headers).not.toHaveProperty('baggage')
    expect(span?.name).toBe('GET /users/{id}')
    expect(span?.attributes).toMatchObject({
      'url.full': 'https://b.example/users/7?token=REDACTED',
      'url.template': '/users/{id}',
      'server.address': 'b.example',
      'server.port': 443,
    })
  })

  it('is not seen when nothing of it went over the wire', () => {
    const call = createClientTracer().send(outgoing('http://a/'))
    call.discard()
    call.receive({ statusCode: 200 })

    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('is marked when it was called off, and keeps the error that its status says', () => {
    for (const statusCode of [undefined, 200, 500]) {
      createClientTracer().send(outgoing('http://a/')).receive({ statusCode, cancelled: true })
    }

    expect(
      exporter
        .getFinishedSpans()
        .map(({ attributes, events, status }) => [
          attributes['callchain.called_off'],
          events.map(({ name }) => name),
          status.code,
        ]),
    ).toEqual([
      [true, ['callchain.called_off'], SpanStatusCode.UNSET],
      [true, ['callchain.called_off'], SpanStatusCode.UNSET],
      [true, ['callchain.called_off'], SpanStatusCode.ERROR],
    ])
  })
})
