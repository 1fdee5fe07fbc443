import { traceDetail } from '../../src/analysis/trace-detail.ts'
import { readAnyJson } from '../../src/formats/read-any.ts'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { BASE, otlpJson, spanId, traceId } from '../spans.ts'

const context = createDecodeContext()
const MICROS = BASE * 1000
const NANOS = `${MICROS}000`

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
const spansOf = (text: string, id = traceId(1)): any[] => {
  const store = createMemoryStore()
  for (const part of readAnyJson(text, context).parts) store.add(part)
  const record = store.traces.get(id)
  if (record === undefined) throw new Error('The trace is not there.')
  const { spans, scopes } = traceDetail(record, store)
  // biome-ignore lint/suspicious/noExplicitAny: see above
  return (spans as any[]).map((span) => ({ ...span, scope: (scopes as unknown[])[span.scope] }))
}
const read = (content: unknown, id?: string) => spansOf(JSON.stringify(content), id)

const request = otlpJson([{ id: 1, name: 'GET /', kind: 'server' }])
const [group] = request.resourceSpans
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
const otlpSpan = {
  ...{ traceId: traceId(1), spanId: spanId(1), name: 'GET /' },
  ...{ startTimeUnixNano: NANOS, endTimeUnixNano: NANOS },
}
const inScope = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
const zipkin = { traceId: traceId(1), id: spanId(1), name: 'GET /', timestamp: MICROS, duration: 9 }
const jaegerSpan = {
  ...{ traceID: traceId(1), spanID: spanId(1), operationName: 'GET /', processID: 'p1' },
  ...{ startTime: MICROS, duration: 92, tags: [], logs: [], references: [] },
}
const jaeger = {
  traceID: traceId(1),
  spans: [jaegerSpan],
  processes: { p1: { serviceName: 'shop' } },
}
const ids = { traceId: base64(traceId(1)), spanId: base64(spanId(1)) }
const old = {
  instrumentationLibrarySpans: [{ instrumentationLibrary: { name: 'lib' }, spans: [otlpSpan] }],
}

describe('A file', () => {
  it.each<[string, unknown]>([
    ['an export request', request],
    ['several of them in a list', [otlpJson([{ trace: 2, id: 1 }]), request]],
    ['what Jaeger 2 answers, and the viewer', { result: request }],
    ['a stream of Jaeger 2’s answers in a list', [{ result: request }, { result: request }]],
    ['what Tempo answers', { trace: request, metrics: {} }],
    ['what Tempo and Grafana let one download', { batches: request.resourceSpans }],
    ['the same of an older one', { batches: [old] }],
    ['that, in what an API puts around it', { data: { trace: { batches: [old] } } }],
    ['one group of an export request', group],
    ['one group of an older one', old],
    ['one span of OTLP', otlpSpan],
    ['a list of spans of OTLP', [otlpSpan]],
    ['ids in base64', inScope({ ...otlpSpan, ...ids })],
    [
      'ids in base64 without padding',
      inScope({ ...otlpSpan, traceId: ids.traceId.slice(0, 22), spanId: ids.spanId.slice(0, 11) }),
    ],
    ['ids in capital letters', inScope({ ...otlpSpan, traceId: traceId(1).toUpperCase() })],
    ['spans of Zipkin', [zipkin]],
    ['traces of Zipkin', [[zipkin], [{ ...zipkin, traceId: traceId(2) }]]],
    ['one span of Zipkin', zipkin],
    ['traces of Jaeger', { data: [jaeger], total: 0, errors: null }],
    ['one trace of Jaeger', jaeger],
    ['a list of traces of Jaeger', [jaeger, { ...jaeger, traceID: traceId(2) }]],
    ['one span of Jaeger', jaegerSpan],
  ])('may hold %s', (_, content) => {
    expect(read(content)).toMatchObject([{ id: spanId(1), name: 'GET /' }])
  })

  it.each<[string, readonly unknown[]]>([
    ['requests', [otlpJson([{ trace: 2, id: 1 }]), request]],
    ['requests of metrics first', [{ resourceMetrics: [{}] }, { resourceLogs: [] }, request]],
    ['spans of Zipkin', [{ ...zipkin, traceId: traceId(2) }, zipkin]],
    ['answers of Jaeger', [{ result: otlpJson([{ trace: 2, id: 1 }]) }, { result: request }]],
    ['traces of Jaeger', [jaeger, { ...jaeger, traceID: traceId(2) }]],
    [
      'different forms',
      [{ ...zipkin, traceId: traceId(2) }, { data: [jaeger] }, otlpJson([{ trace: 3, id: 1 }])],
    ],
  ])('may hold %s, one a line', (_, lines) => {
    const text = lines.map((line) => JSON.stringify(line)).join('\r\n')
    expect(spansOf(text)).toMatchObject([{ id: spanId(1) }])
    expect(spansOf(`${text}\r\n{"cut`)).toMatchObject([{ id: spanId(1) }])
  })

  it('keeps parents, links and log lines whose ids are in base64', () => {
    const child = {
      ...{ ...otlpSpan, spanId: base64(spanId(2)), traceId: ids.traceId },
      ...{ parentSpanId: ids.spanId, links: [{ ...ids }] },
    }
    const root = { ...otlpSpan, ...ids, parentSpanId: base64(spanId(0)) }
    const file = { resourceSpans: [{ scopeSpans: [{ spans: [root, child] }] }] }
    expect(read(file)).toMatchObject([
      { id: spanId(1) },
      { parent: spanId(1), links: [{ trace: traceId(1), span: spanId(1) }] },
    ])
    const log = { ...ids, timeUnixNano: NANOS, body: { stringValue: 'x' } }
    const { parts } = readAnyJson(
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] }),
      context,
    )
    expect(parts[0]?.logs).toMatchObject([{ trace: traceId(1), span: spanId(1) }])
  })

  it('reads the scope that older senders call by another name', () => {
    expect(read({ batches: [old] })[0].scope).toMatchObject({ name: 'lib' })
  })

  it.each<[string, unknown]>([
    ['a request', { resourceMetrics: [] }],
    ['several', [{ resourceMetrics: [{}] }, { resourceMetrics: [] }]],
    ['a group', { resource: {}, scopeMetrics: [] }],
  ])('of metrics is refused by a sentence that says so: %s', (_, content) => {
    expect(() => read(content)).toThrow(/OTLP metrics.*does not keep/)
  })

  it.each<[unknown]>([
    [{}],
    [{ data: [] }],
    [{ data: {} }],
    [7],
    ['x'],
    [null],
    [[7]],
    [{ result: {} }],
  ])('of neither is refused: %j', (content) => {
    if (JSON.stringify(content) === '{"data":[]}')
      expect(readAnyJson('{"data":[]}', context).format).toBe('jaeger')
    else expect(() => read(content)).toThrow(/not OTLP, Jaeger or Zipkin/)
  })
})

describe('A span of Jaeger', () => {
  const reference = (refType: string | undefined, span: number, trace = 1) => ({
    ...(refType === undefined ? {} : { refType }),
    ...{ traceID: traceId(trace), spanID: spanId(span) },
  })
  const of = (references: object[], more: object = {}) => {
    const spans = [7, 8, 9].map((id) => ({ ...jaegerSpan, spanID: spanId(id) }))
    const span = { ...jaegerSpan, ...more, references, operationName: 'it' }
    const all = read({ data: [{ ...jaeger, spans: [...spans, span] }] })
    const { parent, links = [] } = all.find(({ name }) => name === 'it')
    return {
      parent,
      links: links.map((link: { trace: string; span: string }) => [link.trace, link.span]),
    }
  }
  const [seven, eight] = [spanId(7), spanId(8)]

  it.each<[string, object[], object]>([
    ['it is a child of', [reference('CHILD_OF', 7)], { parent: seven, links: [] }],
    [
      'it follows from, when it is no child',
      [reference('FOLLOWS_FROM', 7)],
      { parent: seven, links: [] },
    ],
    [
      'it is a child of, whatever it follows before',
      [reference('FOLLOWS_FROM', 8), reference('CHILD_OF', 7)],
      { parent: seven, links: [[traceId(1), eight]] },
    ],
    [
      'comes first of several',
      [reference('CHILD_OF', 7), reference('CHILD_OF', 8)],
      { parent: seven, links: [[traceId(1), eight]] },
    ],
    [
      'it follows from first',
      [reference('FOLLOWS_FROM', 7), reference('FOLLOWS_FROM', 8)],
      { parent: seven, links: [[traceId(1), eight]] },
    ],
    [
      'is of its own trace',
      [reference('CHILD_OF', 5, 2), reference('FOLLOWS_FROM', 7)],
      { parent: seven, links: [[traceId(2), spanId(5)]] },
    ],
    ['no kind is said of', [reference(undefined, 7)], { parent: seven, links: [] }],
    [
      'is not itself',
      [reference('FOLLOWS_FROM', 1), reference('FOLLOWS_FROM', 7)],
      { parent: seven, links: [[traceId(1), spanId(1)]] },
    ],
  ])('has as its parent what %s', (_, references, expected) => {
    expect(of(references)).toEqual(expected)
  })

  it('has none where all it refers to is in other traces', () => {
    const references = [reference('CHILD_OF', 5, 2), reference('FOLLOWS_FROM', 6, 3)]
    expect(of(references)).toEqual({
      parent: undefined,
      links: [
        [traceId(2), spanId(5)],
        [traceId(3), spanId(6)],
      ],
    })
  })

  it('has the parent of the older form', () => {
    expect(of([reference('CHILD_OF', 7)], { parentSpanID: seven })).toEqual({
      parent: seven,
      links: [],
    })
    expect(of([], { parentSpanID: '7' })).toEqual({ parent: seven, links: [] })
  })
})

describe('What OpenTelemetry’s exporters write', () => {
  const ATTRIBUTES = { 'exception.type': 'Error', 'exception.message': 'no "item"', n: 1 }
  const json = JSON.stringify(ATTRIBUTES)

  it.each([
    ['the specification', `"exception": ${json}`],
    ['without a space', `"exception":${json}`],
    ['Python', JSON.stringify({ exception: ATTRIBUTES })],
    ['the Collector', `exception|${json}|0`],
  ])('as an event of Zipkin is read: %s', (_, value) => {
    const [span] = read([{ ...zipkin, annotations: [{ timestamp: MICROS, value }] }])
    expect(span.events).toEqual([{ name: 'exception', offset: 0, attributes: ATTRIBUTES }])
  })

  it.each([
    'plain',
    '"quoted": {not json}',
    '{"a":1}',
    '{"a":{},"b":{}}',
    'a|{b}|0',
    'a|b|0',
    '{}',
    '"x": {}}',
    '',
  ])('is no event of it: %j', (value) => {
    const [span] = read([{ ...zipkin, annotations: [{ timestamp: MICROS, value }] }])
    expect(span.events).toEqual([{ name: value, offset: 0, attributes: {} }])
  })

  it('of an escaped name is read', () => {
    const value = '"a \\"b\\" c": {"d":[1,{"e":null}]}'
    const [span] = read([{ ...zipkin, annotations: [{ timestamp: MICROS, value }] }])
    expect(span.events[0]).toMatchObject({ name: 'a "b" c', attributes: { d: [1, { e: null }] } })
  })

  const TAGS = {
    'otel.status_code': 'ERROR',
    'otel.status_description': 'why',
    'otel.dropped_attributes_count': '1',
    'otel.dropped_events_count': '2',
    'otel.dropped_links_count': '3',
    'w3c.tracestate': 'a=b',
    kept: 'yes',
  }
  const tagsOf = (tags: object) =>
    Object.entries(tags).map(([key, value]) => ({ key, type: 'string', value }))
  const forms: [string, (tags: object) => unknown][] = [
    ['Zipkin', (tags) => [{ ...zipkin, tags }]],
    [
      'Jaeger',
      (tags) => ({ data: [{ ...jaeger, spans: [{ ...jaegerSpan, tags: tagsOf(tags) }] }] }),
    ],
  ]

  it.each(forms)('as tags of %s is read into the fields', (_, write) => {
    for (const name of ['scope', 'library']) {
      const of = { [`otel.${name}.name`]: 'lib', [`otel.${name}.version`]: '1.2' }
      expect(read(write({ ...TAGS, ...of }))).toMatchObject([
        {
          status: 'error',
          statusMessage: 'why',
          scope: { name: 'lib', version: '1.2' },
          dropped: { attributes: 1, events: 2, links: 3 },
        },
      ])
      expect(read(write({ ...TAGS, ...of }))[0].attributes).toEqual({ kept: 'yes' })
    }
    expect(read(write({ 'otel.status_code': 'OK' }))[0].status).toBe('ok')
    expect(read(write({ 'otel.status_code': 'UNSET' }))[0].status).toBe('unset')
    expect(read(write({}))[0].status).toBe('unset')
  })

  it.each([
    ['', ''],
    ['true', undefined],
    ['boom', 'boom'],
  ])('as Zipkin’s error tag is a failure: %j', (error, message) => {
    const [span] = read([{ ...zipkin, tags: { error } }])
    expect(span).toMatchObject({ status: 'error' })
    expect(span.statusMessage).toBe(message || undefined)
    expect(read([{ ...zipkin, tags: { error: 'false' } }])[0].status).toBe('unset')
  })

  it('as links of the Collector is read', () => {
    const tags = {
      'otlp.link.0': `${traceId(5)}|${spanId(6)}|a=b|{"why":"a|b"}|0`,
      'otlp.link.1': 'x',
    }
    expect(read([{ ...zipkin, tags }])[0]).toMatchObject({
      attributes: {},
      links: [{ trace: traceId(5), span: spanId(6), attributes: { why: 'a|b' } }],
    })
  })
})

describe('A span of Zipkin’s version 1', () => {
  const endpoint = { serviceName: 'front', ipv4: '10.0.0.1', port: 80 }
  it('gives what version 2 has a place for', () => {
    const span = {
      ...zipkin,
      annotations: [
        { timestamp: MICROS, value: 'sr', endpoint },
        { timestamp: MICROS + 5, value: 'wire', endpoint },
        { timestamp: MICROS + 9, value: 'ss', endpoint },
      ],
      binaryAnnotations: [
        { key: 'http.path', value: '/x', endpoint },
        { key: 'ca', value: true, endpoint: { serviceName: 'caller', ipv4: '10.0.0.2' } },
        { key: 'error', value: 'boom', endpoint },
      ],
    }
    const [read1] = read([span])
    expect(read1).toMatchObject({
      ...{ service: 'front', kind: 'server', status: 'error', statusMessage: 'boom' },
      events: [{ name: 'wire' }],
      attributes: { 'http.path': '/x', 'peer.service': 'caller' },
    })
  })

  it('takes service and name from what else has an endpoint', () => {
    const span = { ...zipkin, binaryAnnotations: [{ key: 'lc', value: 'job', endpoint }] }
    expect(read([span])).toMatchObject([
      { service: 'front', kind: 'internal', attributes: { lc: 'job' } },
    ])
  })
})
