import { ask, sendSpans, viewerForTests } from '../request.ts'
import { BASE, otlpJson, spanId, traceId } from '../spans.ts'

describe('The reading APIs of others', () => {
  const viewer = viewerForTests()
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const read = async (path: string): Promise<any> => (await ask(viewer.url + path)).json

  beforeAll(() =>
    sendSpans(viewer.url, [
      {
        trace: 1,
        id: 1,
        service: 'Gateway',
        name: 'POST /orders',
        kind: 'server',
        took: 300,
        attributes: { 'tenant.id': 'acme', 'http.response.status_code': 201, ratio: 0.5 },
        events: [{ name: 'exception', at: 5, attributes: { 'exception.message': 'no' } }],
      },
      {
        trace: 1,
        id: 2,
        parent: 1,
        service: 'orders',
        kind: 'server',
        at: 10,
        took: 100,
        error: true,
      },
      { trace: 2, id: 1, service: 'orders', name: 'job', took: 3 },
    ]),
  )

  describe('Jaeger, version 3', () => {
    const times =
      'query.startTimeMin=2026-11-22T00:00:00Z&query.startTimeMax=2026-11-24T00:00:00.000000001Z'

    it('gives services and operations', async () => {
      expect(await read('/api/v3/services')).toEqual({ services: ['Gateway', 'orders'] })
      expect(await read('/api/v3/operations?service=orders')).toEqual({
        operations: [
          { name: 'job', spanKind: 'internal' },
          { name: 'span 2', spanKind: 'server' },
        ],
      })
    })

    it('finds traces by service, duration and attributes, in both spellings', async () => {
      const services = async (query: string): Promise<number> =>
        (await read(`/api/v3/traces?${times}&${query}`)).result?.resourceSpans.length ?? 0
      expect(await services('query.serviceName=orders')).toBe(2)
      expect(await services('query.serviceName=orders&query.durationMin=50ms')).toBe(2)
      expect(await services('query.attributes=%7B%22tenant.id%22:%22acme%22%7D')).toBe(2)
      expect(await services('query.service_name=Gateway')).toBe(2)
      expect(await services('query.serviceName=none')).toBe(0)
    })

    it('gives a trace as OTLP, and 404 when there is none', async () => {
      const { result } = await read(`/api/v3/traces/${traceId(1)}`)
      const [gateway] = result.resourceSpans
      const [span] = gateway.scopeSpans[0].spans
      expect(span).toMatchObject({ spanId: spanId(1), kind: 2 })
      expect(span.startTimeUnixNano).toBe(`${BASE}000000`)
      expect(span.endTimeUnixNano).toBe(`${BASE + 300}000000`)
      const missing = await ask(`${viewer.url}/api/v3/traces/${traceId(9)}`)
      expect([missing.status, missing.json.error.httpCode]).toEqual([404, 404])
      expect((await ask(`${viewer.url}/api/v3/traces?query.serviceName=a`)).status).toBe(400)
    })

    it('sums traces up', async () => {
      const { summaries } = await read(`/api/v3/trace-summaries?${times}&query.serviceName=Gateway`)
      expect(summaries).toMatchObject([
        {
          traceId: traceId(1),
          rootServiceName: 'Gateway',
          rootOperationName: 'POST /orders',
          minStartTimeUnixNano: `${BASE}000000`,
          maxEndTimeUnixNano: `${BASE + 300}000000`,
          spanCount: 2,
          errorSpanCount: 1,
          orphanSpanCount: 0,
        },
      ])
    })
  })

  describe('Jaeger, legacy', () => {
    it('gives services, operations and dependencies', async () => {
      expect((await read('/api/services')).data).toEqual(['Gateway', 'orders'])
      expect((await read('/api/services/orders/operations')).data).toEqual(['job', 'span 2'])
      expect((await read(`/api/dependencies?endTs=${BASE + 1000}&lookback=5000`)).data).toEqual([
        { parent: 'Gateway', child: 'orders', callCount: 1 },
      ])
    })

    it('searches by tags, durations and microseconds', async () => {
      const found = async (query: string): Promise<string[]> =>
        (await read(`/api/traces?${query}`)).data.map(({ traceID }: { traceID: string }) => traceID)
      const tags = encodeURIComponent('{"tenant.id":"acme"}')
      expect(await found(`service=Gateway&tags=${tags}`)).toEqual([traceId(1)])
      expect(await found('service=orders&minDuration=50ms')).toEqual([traceId(1)])
      expect(await found('service=orders&maxDuration=1s&limit=1')).toHaveLength(1)
      expect(await found(`service=orders&start=${(BASE + 60_000) * 1000}`)).toEqual([])
      expect(await found('tag=error:true')).toEqual([traceId(1)])
      expect((await ask(`${viewer.url}/api/traces?minDuration=soon`)).status).toBe(400)
    })

    it('gives a trace with processes, references, typed tags and logs', async () => {
      const [trace] = (await read(`/api/traces/${traceId(1)}`)).data
      const [root, child] = trace.spans
      expect(root).toMatchObject({
        operationName: 'POST /orders',
        startTime: BASE * 1000,
        duration: 300_000,
      })
      expect(root.tags).toEqual(
        expect.arrayContaining([
          { key: 'http.response.status_code', type: 'int64', value: 201 },
          { key: 'ratio', type: 'float64', value: 0.5 },
          { key: 'span.kind', type: 'string', value: 'server' },
        ]),
      )
      expect(root.logs[0].fields[0]).toEqual({ key: 'event', type: 'string', value: 'exception' })
      expect(child.references).toEqual([
        { refType: 'CHILD_OF', traceID: traceId(1), spanID: spanId(1) },
      ])
      expect(child.tags).toContainEqual({ key: 'error', type: 'bool', value: true })
      expect(trace.processes[child.processID].serviceName).toBe('orders')
    })
  })

  describe('Zipkin, version 2', () => {
    it('gives names in lower case, and dependencies with errors', async () => {
      expect(await read('/api/v2/services')).toEqual(['gateway', 'orders'])
      expect(await read('/api/v2/spans?serviceName=gateway')).toEqual(['post /orders'])
      expect(await read(`/api/v2/dependencies?endTs=${BASE + 1000}`)).toEqual([
        { parent: 'gateway', child: 'orders', callCount: 1, errorCount: 1 },
      ])
    })

    it('searches by annotation query and by microseconds', async () => {
      const found = async (query: string): Promise<string[]> =>
        (await read(`/api/v2/traces?endTs=${BASE + 5000}&${query}`)).map(
          ([first]: { traceId: string }[]) => first?.traceId,
        )
      expect(
        await found('serviceName=gateway&annotationQuery=tenant.id=acme%20and%20ratio'),
      ).toEqual([traceId(1)])
      expect(await found('serviceName=orders&minDuration=50000')).toEqual([traceId(1)])
      expect(await found('annotationQuery=error')).toEqual([traceId(1)])
      expect(await found('spanName=JOB')).toEqual([traceId(2)])
      expect(await found('lookback=1')).toEqual([])
    })

    it('gives one trace, and many', async () => {
      expect(await read(`/api/v2/trace/${traceId(1)}`)).toMatchObject([
        { id: spanId(1), kind: 'SERVER', timestamp: BASE * 1000, duration: 300_000 },
        { id: spanId(2), parentId: spanId(1), tags: { error: 'true' } },
      ])
      const many = await read(`/api/v2/traceMany?traceIds=${traceId(1)},${traceId(2)}`)
      expect(many).toHaveLength(2)
      expect((await ask(`${viewer.url}/api/v2/trace/${traceId(9)}`)).status).toBe(404)
    })
  })

  it('converts OTLP JSON to Jaeger’s own for its page, and keeps nothing of it', async () => {
    const body = JSON.stringify(
      otlpJson([{ trace: 7, id: 1, service: 'dropped', name: 'GET /file', took: 5 }]),
    )
    const headers = { 'content-type': 'application/json' }
    const post = { method: 'POST', headers }
    const { data, errors } = (await ask(`${viewer.url}/api/transform`, { ...post, body })).json
    expect(errors).toBeNull()
    expect(data).toMatchObject([
      {
        traceID: traceId(7),
        spans: [{ operationName: 'GET /file', duration: 5000, processID: 'p1' }],
        processes: { p1: { serviceName: 'dropped' } },
      },
    ])
    expect((await read('/api/v3/services')).services).not.toContain('dropped')
    expect((await ask(`${viewer.url}/api/transform`, { ...post, body: '{' })).status).toBe(400)
  })

  it('gives Zipkin’s page its configuration', async () => {
    expect(await read('/zipkin/config.json')).toMatchObject({
      searchEnabled: true,
      queryLimit: 10,
      defaultLookback: 900_000,
      dependency: { enabled: true },
    })
  })
})
