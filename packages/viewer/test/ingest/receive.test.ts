import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { decode, encode } from '../otlp/protocol.ts'
import { type Answer, ask, sendSpans, viewerForTests } from '../request.ts'
import { otlpJson, spanId, traceId } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const JSON_TYPE = { 'content-type': 'application/json' }
let lastId = 1000
const requestOf = (...spans: object[]): Buffer =>
  encode('ExportTraceServiceRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
const aSpan = (fields: object = {}): object => {
  lastId += 1
  const id = Buffer.from(spanId(lastId), 'hex')
  return { traceId: Buffer.from(traceId(lastId), 'hex'), spanId: id, name: 'x', ...fields }
}

describe('The receiver', () => {
  const viewer = viewerForTests({ maxBody: 100_000 })
  const post = (path: string, headers: Record<string, string>, body: Buffer | string) =>
    ask(viewer.url + path, { method: 'POST', headers, body })
  const kept = async (): Promise<number> =>
    (await ask(`${viewer.url}/api/local/stats`)).json.received.spans
  const gains = async (send: () => Promise<Answer>): Promise<[number, number]> => {
    const before = await kept()
    const { status } = await send()
    return [status, (await kept()) - before]
  }

  it('takes protobuf, and answers in protobuf with an empty message', async () => {
    const answer = await post('/v1/traces', PROTOBUF, requestOf(aSpan()))
    expect([answer.status, answer.headers['content-type'], answer.bytes.length]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ])
  })

  it('takes gzip, and deflate with and without its header', async () => {
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
    ] as const) {
      const headers = { ...PROTOBUF, 'content-encoding': encoding }
      expect(await gains(() => post('/v1/traces', headers, pack(requestOf(aSpan()))))).toEqual([
        200, 1,
      ])
    }
  })

  it('takes an empty request as a success', async () => {
    expect((await post('/v1/traces', PROTOBUF, Buffer.alloc(0))).status).toBe(200)
    expect((await post('/v1/traces', JSON_TYPE, '{}')).json).toEqual({})
  })

  it('says how many spans it refused, and why, in the format of the request', async () => {
    const answer = await post('/v1/traces', PROTOBUF, requestOf(aSpan(), aSpan({ spanId: null })))
    expect(answer.status).toBe(200)
    expect(decode('ExportTraceServiceResponse', answer.bytes)).toMatchObject({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringMatching(/span id/) },
    })
    const body = otlpJson([{ id: 0 }])
    const inJson = await post('/v1/traces', JSON_TYPE, JSON.stringify(body))
    expect(inJson.json.partialSuccess.rejectedSpans).toBe('1')
  })

  it('answers what it cannot read with 400 and a google.rpc.Status', async () => {
    const answer = await post('/v1/traces', PROTOBUF, Buffer.from('no protobuf'))
    expect(answer.status).toBe(400)
    expect(decode('RpcStatus', answer.bytes)).toMatchObject({ code: 3 })
    const inJson = await post('/v1/traces', JSON_TYPE, '{"resourceSpans": [')
    expect([inJson.status, inJson.json.code]).toEqual([400, 3])
    expect(inJson.json.message).toMatch(/not JSON/)
    const packed = await post('/v1/traces', { ...JSON_TYPE, 'content-encoding': 'gzip' }, '{}')
    expect(packed.status).toBe(400)
  })

  it('answers 413 to a body that is too large, and to one that is when it is unpacked', async () => {
    const large = Buffer.alloc(150_000)
    expect((await post('/v1/traces', PROTOBUF, large)).status).toBe(413)
    // Without a length that says so before.
    const chunked = { ...PROTOBUF, 'transfer-encoding': 'chunked' }
    expect((await post('/v1/traces', chunked, large)).status).toBe(413)
    const headers = { ...PROTOBUF, 'content-encoding': 'gzip' }
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    const answer = await post('/v1/traces', headers, bomb)
    expect(answer.status).toBe(413)
    expect(decode('RpcStatus', answer.bytes).message).toMatch(/larger than 0.1 MiB/)
  })

  it('answers 415 to other types and encodings', async () => {
    const plain = await post('/v1/traces', { 'content-type': 'text/plain' }, '{}')
    const zstd = await post('/v1/traces', { ...PROTOBUF, 'content-encoding': 'zstd' }, 'x')
    expect([plain.status, zstd.status]).toEqual([415, 415])
  })

  it('says what each path takes when it was sent another type', async () => {
    const zipkin = await post('/api/v2/spans', PROTOBUF, Buffer.alloc(3))
    expect([zipkin.status, zipkin.text]).toEqual([
      415,
      expect.stringMatching(
        /x-protobuf is not supported here: send Zipkin spans as application.json/,
      ),
    ])
    expect(zipkin.text).not.toMatch(/send application.x-protobuf/)
    const text = await post('/v1/logs', { 'content-type': 'text/plain' }, '{}')
    expect(text.text).toMatch(/send application.x-protobuf or application.json/)
  })

  it.each([
    ['GET', '/v1/traces'],
    ['HEAD', '/v1/logs'],
    ['GET', '/v1/metrics'],
    ['PUT', '/v1/traces'],
  ])('answers 405 to %s %s, in a sentence, and names the method', async (method, path) => {
    const answer = await ask(viewer.url + path, { method })
    expect([answer.status, answer.headers.allow]).toEqual([405, expect.stringContaining('POST')])
    if (method !== 'HEAD') expect(answer.json.error.message).toMatch(/POST/)
  })

  it('takes log lines, and finds them by their trace', async () => {
    const body = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: '1795365007123456789',
                  severityNumber: 13,
                  body: { stringValue: 'low stock' },
                  traceId: traceId(77),
                },
              ],
            },
          ],
        },
      ],
    }
    expect((await post('/v1/logs', JSON_TYPE, JSON.stringify(body))).status).toBe(200)
    const { json } = await ask(`${viewer.url}/api/local/logs?trace=${traceId(77)}`)
    expect(json.logs).toMatchObject([{ body: 'low stock', level: 'warn' }])
  })

  it('counts metrics and keeps none', async () => {
    const body = encode('ExportMetricsServiceRequest', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a' }] }] }],
    })
    expect((await post('/v1/metrics', PROTOBUF, body)).status).toBe(200)
    expect((await ask(`${viewer.url}/api/local/stats`)).json.received.metrics).toBe(1)
  })

  it('takes Zipkin v2 spans, and makes two of one that client and server share', async () => {
    const common = {
      traceId: '0000000000000abc',
      id: '00000000000000aa',
      timestamp: 1795365007000000,
    }
    const body = [
      {
        ...common,
        kind: 'CLIENT',
        name: 'get',
        duration: 2000,
        localEndpoint: { serviceName: 'a' },
      },
      {
        ...common,
        kind: 'SERVER',
        name: 'get',
        duration: 1000,
        shared: true,
        localEndpoint: { serviceName: 'b' },
        tags: { error: 'no', 'http.status_code': '500' },
      },
    ]
    expect((await post('/api/v2/spans', JSON_TYPE, JSON.stringify(body))).status).toBe(202)
    const { json } = await ask(`${viewer.url}/api/local/traces/${traceId(0xabc)}`)
    expect(json.spans).toMatchObject([
      { service: 'a', kind: 'client', depth: 0 },
      { service: 'b', kind: 'server', depth: 1, status: 'error', statusMessage: 'no' },
    ])
    expect(json.spans[1].attributes['http.status_code']).toBe(500)
  })

  it('tells who sends OTLP over gRPC what to change, and notes it', async () => {
    const session = connectHttp2(viewer.url)
    session.on('error', () => {})
    const [code, , data] = await once(session, 'goaway')
    session.destroy()
    expect(code).toBe(0xd)
    expect(String(data)).toMatch(/OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/)
    const asHttp1 = await post('/v1/traces', { 'content-type': 'application/grpc' }, 'x')
    expect(asHttp1.headers['grpc-message']).toMatch(/http\/protobuf/)
    const { hints } = (await ask(`${viewer.url}/api/local/receiver`)).json
    expect(hints.map(({ code: each }: { code: string }) => each)).toContain('grpc')
  })

  it('shows each export with what was wrong with it', async () => {
    await post('/v1/traces', { ...PROTOBUF, 'user-agent': 'test/1' }, requestOf(aSpan()))
    await post('/v1/nonsense', JSON_TYPE, '{}')
    const { exports, hints } = (await ask(`${viewer.url}/api/local/receiver`)).json
    expect(exports[0]).toMatchObject({
      path: '/v1/traces',
      format: 'protobuf',
      spans: 1,
      status: 200,
      userAgent: 'test/1',
      warning: expect.stringMatching(/OTEL_SERVICE_NAME/),
    })
    expect(hints.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['wrong-path', 'unnamed-service', 'refused']),
    )
  })

  it('answers after any garbage on the socket', async () => {
    const { port } = new URL(viewer.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.end('\x00\x01garbage\r\n\r\n')
    await once(socket.resume(), 'close')
    expect((await sendSpans(viewer.url, [{ trace: 5, id: 1 }])).status).toBe(200)
  })
})

describe('The receiver of a small store', () => {
  const viewer = viewerForTests({ maxSpans: 100 })

  it('keeps of a trace larger than itself what fits, and says how much it did not keep', async () => {
    const spans = Array.from({ length: 301 }, (_, at) => ({ id: at + 1 }))
    const { status, json } = await sendSpans(viewer.url, spans)
    expect([status, json]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedSpans: '201',
          errorMessage: expect.stringMatching(/201 refused: a trace has more spans/),
        },
      },
    ])
    const { traces } = (await ask(`${viewer.url}/api/local/traces`)).json
    expect(traces).toMatchObject([{ id: traceId(1), spans: 100, unkept: 201 }])
    const { exports } = (await ask(`${viewer.url}/api/local/receiver`)).json
    expect(exports[0]).toMatchObject({ spans: 301, rejected: 201 })
  })

  it('tells who imports a trace larger than itself the same', async () => {
    const file = otlpJson(Array.from({ length: 301 }, (_, at) => ({ trace: 2, id: at + 1 })))
    const body = JSON.stringify(file)
    const { json } = await ask(`${viewer.url}/api/local/import`, { method: 'POST', body })
    expect(json).toEqual({
      format: 'otlp',
      spans: 100,
      logs: 0,
      rejected: 201,
      warning: '201 spans were refused: a trace has more spans than the limit per trace',
      traces: [traceId(2)],
    })
  })
})
