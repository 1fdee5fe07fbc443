import { connect } from 'node:net'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { createDecodeContext } from '../../src/otlp/decode-context.ts'
import { readOtlpJson } from '../../src/otlp/read-json.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { otlpJson, spanId, traceId } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(240_000)

const JSON_TYPE = { 'content-type': 'application/json' }
const PROTOBUF = { 'content-type': 'application/x-protobuf' }

describe('Whatever arrives, the viewer', () => {
  const viewer = viewerForTests()
  const post = (path: string, headers: Record<string, string>, body: Buffer | string) =>
    ask(viewer.url + path, { method: 'POST', headers, body })
  const isUp = async (): Promise<boolean> => (await ask(`${viewer.url}/health`)).status === 200

  it('refuses JSON that would take many times its size when it is read', async () => {
    const body = gzipSync(`[${'{},'.repeat(8_100_000)}0]`, { level: 1 })
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' }
    for (const path of ['/v1/traces', '/api/local/import'])
      expect([path, (await post(path, headers, body)).status]).toEqual([path, 413])
    expect(await isUp()).toBe(true)
  })

  it('counts commas and brackets outside of texts only', async () => {
    const text = '{[,"\\'.repeat(700_000)
    const body = JSON.stringify(otlpJson([{ trace: 40, id: 1, attributes: { text } }]))
    expect((await post('/v1/traces', JSON_TYPE, body)).status).toBe(200)
    expect((await post('/v1/traces', JSON_TYPE, body.slice(0, -20))).status).toBe(400)
  })

  it('refuses protobuf of millions of empty spans, events or groups', async () => {
    const wrap = (tag: number, inner: Buffer): Buffer => {
      const length: number[] = []
      for (let rest = inner.length; ; rest = Math.floor(rest / 128)) {
        length.push(rest < 128 ? rest : (rest % 128) + 128)
        if (rest < 128) break
      }
      return Buffer.concat([Buffer.from([tag, ...length]), inner])
    }
    const many = (tag: number): Buffer => Buffer.alloc(2_100_000, Buffer.from([tag, 0]))
    const inSpan = (inner: Buffer): Buffer => wrap(0x0a, wrap(0x12, wrap(0x12, inner)))
    const bodies = [
      many(0x0a),
      wrap(0x0a, many(0x12)),
      wrap(0x0a, wrap(0x12, many(0x12))),
      inSpan(many(0x5a)),
      inSpan(many(0x6a)),
      inSpan(wrap(0x4a, wrap(0x12, wrap(0x2a, many(0x0a))))),
    ]
    for (const body of bodies) {
      const answer = await post('/v1/traces', PROTOBUF, body)
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('more than')])
    }
  })

  it('answers 400 to nesting beyond all bounds', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const spans = `[{"traceId":"${traceId(3)}","id":"${spanId(3)}","tags":{"deep":${deep}}}]`
    expect([400, 202]).toContain((await post('/api/v2/spans', JSON_TYPE, spans)).status)
    const resource = `{"resourceSpans":[{"resource":{"attributes":${deep}}}]}`
    expect([400, 200]).toContain((await post('/v1/traces', JSON_TYPE, resource)).status)
    expect([400, 200]).toContain((await post('/api/local/import', JSON_TYPE, deep)).status)
    expect(await isUp()).toBe(true)
  })

  it('answers every view of spans with absurd times, sizes, keys and parents', async () => {
    const nanos = ['0', '18446744073709551615', '99999999999999999999', '-5', 'x', 1e300, -1, null]
    const spans = nanos.flatMap((start, index) =>
      nanos.map((end, other) => ({
        traceId: traceId(50 + index),
        spanId: spanId(1 + other),
        parentSpanId: spanId(1 + ((other + 1) % nanos.length)),
        name: '__proto__',
        kind: 99,
        startTimeUnixNano: start,
        endTimeUnixNano: end,
        status: { code: 99 },
        attributes: [
          { key: '__proto__', value: { stringValue: 'x' } },
          { key: 'constructor', value: { doubleValue: 'NaN' } },
          { key: 'http.status_code', value: { doubleValue: 'Infinity' } },
          { key: '', value: {} },
          { key: 'db.system', value: { kvlistValue: { values: [{ key: '__proto__' }] } } },
        ],
        events: [{ timeUnixNano: end, name: null }],
        links: [{ traceId: traceId(50 + index), spanId: spanId(1 + other) }],
      })),
    )
    const scopeSpans = [{ spans }]
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans }] })
    expect((await post('/v1/traces', JSON_TYPE, body)).status).toBe(200)
    const zipkin = [{ traceId: traceId(90), id: spanId(1), timestamp: 1e300, duration: -1e300 }]
    expect((await post('/api/v2/spans', JSON_TYPE, JSON.stringify(zipkin))).status).toBe(202)
    const local = ['traces', 'scatter', 'operations', 'map', 'spans', 'stats', 'receiver', 'export']
    const ids = [...nanos.map((_, index) => traceId(50 + index)), traceId(90)]
    const paths = [
      ...[...local, 'traces?q=self>1ms', 'keys', 'values?key=__proto__'].map(
        (path) => `local/${path}`,
      ),
      ...ids.flatMap((id) =>
        ['', '.md', '.json', '/map', '/logs'].map((end) => `local/traces/${id}${end}`),
      ),
      ...['v3/services', 'services', 'traces', 'dependencies', 'v2/traces', 'v2/services'],
      ...ids.flatMap((id) => [`traces/${id}`, `v3/traces/${id}`, `v2/trace/${id}`]),
    ]
    for (const path of paths)
      expect([path, (await ask(`${viewer.url}/api/${path}`)).status]).toEqual([path, 200])
  })

  it('answers requests that are none', async () => {
    for (const target of [
      '//',
      '/%',
      '/%00',
      '/api/local/traces/%E0%A4%A',
      `/${'a/'.repeat(4000)}`,
    ]) {
      const answer = await raw(
        viewer.url,
        `GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404) /)
    }
    expect(
      await raw(
        viewer.url,
        `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 4/)
    expect(await raw(viewer.url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(
      await raw(
        viewer.url,
        'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 400 /)
    expect(
      await raw(
        viewer.url,
        'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\nhost: localhost\r\nhost: evil\r\nconnection: close\r\n\r\n',
      ),
    ).toMatch(/HTTP\/1\.1 200 .*HTTP\/1\.1 400 /s)
    const headers = { ...JSON_TYPE, 'content-encoding': 'deflate' }
    expect((await post('/v1/traces', headers, deflateRawSync('{}'))).status).toBe(200)
    expect((await post('/v1/traces', headers, 'no deflate')).status).toBe(400)
  })

  it('exports all it keeps without making one text of it', async () => {
    await ask(`${viewer.url}/api/local/traces`, { method: 'DELETE' })
    for (let trace = 1; trace <= 45; trace++) await sendSpans(viewer.url, [{ trace, id: 1 }])
    const answer = await ask(`${viewer.url}/api/local/export`)
    expect(answer.headers['transfer-encoding']).toBe('chunked')
    expect(answer.json.resourceSpans.flatMap(spansIn)).toHaveLength(45)
    const none = await ask(`${viewer.url}/api/local/export?q=service=none`)
    expect(none.json).toEqual({ resourceSpans: [], resourceLogs: [] })
  })
})

describe('What is kept counts', () => {
  const context = createDecodeContext()
  const add = (store: ReturnType<typeof createMemoryStore>, body: object): void =>
    store.add(readOtlpJson(JSON.parse(JSON.stringify(body)), context))
  const text = (length: number): { stringValue: string } => ({ stringValue: 'x'.repeat(length) })
  const ids = (trace: number) => ({ traceId: traceId(trace), spanId: spanId(1) })

  it('a resource and a scope once, and as long as a span has them', () => {
    const store = createMemoryStore({ maxBytes: 1_000_000 })
    const big = (trace: number, count: number): object => ({
      resourceSpans: [
        {
          resource: { attributes: [{ key: `r${trace}`, value: text(60_000) }] },
          scopeSpans: [
            {
              scope: { name: 'a'.repeat(1e6) },
              spans: Array.from({ length: count }, (_, index) => ({
                traceId: traceId(trace),
                spanId: spanId(index + 1),
              })),
            },
          ],
        },
      ],
    })
    add(store, big(1, 100))
    expect(store.bytes).toBeGreaterThan(60_000)
    expect(store.bytes).toBeLessThan(120_000)
    for (let trace = 2; trace < 60; trace++) add(store, big(trace, 1))
    expect(store.bytes).toBeLessThanOrEqual(1_000_000)
    expect(store.traces.size).toBeLessThan(17)
    store.clear()
    expect(store.bytes).toBe(0)
  })

  it('unique keys, however many a span has and however long', () => {
    const store = createMemoryStore({ maxBytes: 3_000_000 })
    // Each set of keys is put together once, not once for each key, which would take minutes.
    for (let trace = 1; trace < 6; trace++) {
      const attributes = Array.from({ length: 10_000 }, (_, index) => ({
        key: `${trace}.${index}`,
        value: text(1),
      }))
      const long = { key: 'k'.repeat(1e6) + trace, value: text(1) }
      add(store, {
        resourceSpans: [
          { scopeSpans: [{ spans: [{ ...ids(trace), attributes: [long, ...attributes] }] }] },
        ],
      })
    }
    const [newest] = [...store.traces.values()].at(-1)?.spans ?? []
    expect(newest?.shape.keys[0]).toHaveLength(512)
    expect(newest?.clipped).toBe(true)
    expect(store.traces.size).toBeLessThan(4)
  })

  it('the body of a log line, whatever it is', () => {
    const store = createMemoryStore({ maxLogBytes: 1_000_000 })
    const values = Array.from({ length: 2000 }, (_, index) => ({
      key: `k${index}`,
      value: text(10),
    }))
    const logRecords = Array.from({ length: 50 }, () => ({ body: { kvlistValue: { values } } }))
    add(store, { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
    expect(store.logs.size).toBeLessThan(10)
    expect(store.logs.bytes).toBeLessThanOrEqual(1_000_000)
  })

  it('events and links, in JSON as well', () => {
    const store = createMemoryStore()
    const events = Array.from({ length: 50_000 }, () => ({ name: 'e' }))
    const links = Array.from({ length: 50_000 }, () => ids(9))
    add(store, { resourceSpans: [{ scopeSpans: [{ spans: [{ ...ids(1), events, links }] }] }] })
    const [span] = store.traces.get(traceId(1))?.spans ?? []
    expect(span?.clipped).toBe(true)
    expect((span?.events.length ?? 0) + (span?.links.length ?? 0)).toBeLessThan(12_000)
  })
})

function spansIn({ scopeSpans }: { scopeSpans: { spans: unknown[] }[] }): unknown[] {
  return scopeSpans.flatMap(({ spans }) => spans)
}

/** What comes back for these bytes. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}
