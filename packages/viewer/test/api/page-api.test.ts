import { get, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { VERSION } from '../../src/settings/version.ts'
import { ask, sendSpans, viewerForTests } from '../request.ts'
import { BASE, spanId, traceId } from '../spans.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

describe('The API of the page', () => {
  const viewer = viewerForTests()
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const read = async (path: string): Promise<any> =>
    (await ask(`${viewer.url}/api/local/${path}`)).json
  const forget = () => ask(`${viewer.url}/api/local/traces`, { method: 'DELETE' })

  beforeEach(async () => {
    expect((await forget()).status).toBe(204)
  })

  it('says its version', async () => {
    const manifest = createRequire(__filename)('../../package.json')
    expect(VERSION).toBe(manifest.version)
    expect((await ask(`${viewer.url}/health`)).json).toMatchObject({
      name: 'callchain',
      version: VERSION,
    })
  })

  it('says what a query would find where different spans may match its terms', async () => {
    await sendSpans(viewer.url, [
      { id: 1, service: 'gateway' },
      { id: 2, parent: 1, service: 'inventory', attributes: { 'db.query.text': 'SELECT sku' } },
    ])
    const answer = await read('traces?q=service:gateway%20sql:sku')
    expect(answer).toMatchObject({
      matched: 0,
      apart: { q: 'service:gateway && sql:sku', matched: 1 },
    })
    expect((await read(`traces?q=${encodeURIComponent(answer.apart.q)}`)).matched).toBe(1)
    expect(await read('traces?q=service:gateway%20sql:other')).not.toHaveProperty('apart')
    expect(await read('traces?q=service:inventory%20sql:sku')).not.toHaveProperty('apart')
  })

  it('lists traces page by page, in every order, and none twice', async () => {
    const spans = Array.from({ length: 25 }, (_, index) => ({
      trace: index + 1,
      id: 1,
      at: (index % 5) * 10,
      took: (index % 7) + 1,
      error: index % 3 === 0,
    }))
    await sendSpans(viewer.url, spans)
    for (const sort of ['start', 'duration', 'spans', 'errors'])
      for (const order of ['asc', 'desc']) {
        const seen: { id: string; start: number; duration: number }[] = []
        let cursor = ''
        do {
          const page = await read(`traces?limit=4&sort=${sort}&order=${order}&cursor=${cursor}`)
          expect(page.matched).toBe(25)
          seen.push(...page.traces)
          cursor = page.next
        } while (cursor !== null)
        expect(seen).toHaveLength(25)
        expect(new Set(seen.map(({ id }) => id)).size).toBe(25)
        const starts = seen.map(({ start }) => start)
        if (sort === 'start')
          expect(starts).toEqual([...starts].sort((a, b) => (order === 'asc' ? a - b : b - a)))
      }
  })

  it('counts over all that match', async () => {
    await sendSpans(viewer.url, [
      { trace: 1, id: 1, service: 'gateway', attributes: { 'tenant.id': 'acme', 'user.id': 'u1' } },
      { trace: 2, id: 1, error: true, attributes: { 'tenant.id': 'acme' } },
      { trace: 3, id: 2, parent: 1 },
    ])
    const { facets } = await read('traces?limit=1')
    expect(facets).toMatchObject({
      errors: 1,
      incomplete: 1,
      tenants: [{ value: 'acme', count: 2 }],
      users: [{ value: 'u1', count: 1 }],
    })
    expect((await read('traces?q=tenant:acme')).matched).toBe(2)
  })

  it('finds traces of a time range', async () => {
    await sendSpans(viewer.url, [
      { trace: 1, id: 1, at: 0 },
      { trace: 2, id: 1, at: 1000 },
    ])
    const { traces } = await read(`traces?from=${BASE + 500}&to=${BASE + 1500}`)
    expect(traces.map(({ id }: { id: string }) => id)).toEqual([traceId(2)])
    await forget()
    await sendSpans(viewer.url, [
      { trace: 3, id: 1, at: -1e12 },
      { trace: 4, id: 1, at: Date.now() - BASE },
    ])
    const { traces: ofLastHour } = await read('traces?from=-3600000')
    expect(ofLastHour.map(({ id }: { id: string }) => id)).toEqual([traceId(4)])
  })

  it('answers what is not understood with 400 and its place', async () => {
    const bad = await ask(`${viewer.url}/api/local/traces?q=a%20dur%3Ex`)
    expect([bad.status, bad.json.error]).toEqual([
      400,
      { message: expect.stringMatching(/not a duration/), at: 6, length: 1 },
    ])
    for (const path of ['traces?limit=x', 'traces?sort=colour', 'traces?from=soon', 'stream?q=a:'])
      expect((await ask(`${viewer.url}/api/local/${path}`)).status).toBe(400)
    expect((await ask(`${viewer.url}/api/local/traces/${traceId(9)}`)).status).toBe(404)
    expect((await ask(`${viewer.url}/api/local/nothing`)).status).toBe(404)
    expect((await ask(`${viewer.url}/api/local/map`, { method: 'DELETE' })).status).toBe(405)
  })

  it.each([
    'traces?limit=-1',
    'traces?limit=0',
    'spans?limit=1.5',
    'scatter?limit=-5',
    'keys?limit=0',
    'logs?limit=x',
    'traces?cursor=zzz',
    'spans?cursor=zzz',
    'logs?cursor=zzz',
    'logs?cursor=-1',
  ])('refuses %s in a sentence', async (path) => {
    const { status, json } = await ask(`${viewer.url}/api/local/${path}`)
    const [name] = /limit|cursor/.exec(path) ?? []
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(`"${name}"`)])
  })

  it('takes a limit above the most as the most', async () => {
    expect((await ask(`${viewer.url}/api/local/traces?limit=100000`)).status).toBe(200)
  })

  it('gives columns for the scatter', async () => {
    await sendSpans(viewer.url, [
      { trace: 1, id: 1, service: 'a', took: 5 },
      { trace: 2, id: 1, service: 'b', took: 7, at: 10, error: true },
    ])
    expect(await read('scatter')).toMatchObject({
      ids: [traceId(2), traceId(1)],
      duration: [7, 5],
      errors: [1, 0],
      service: [0, 1],
      services: ['b', 'a'],
    })
  })

  it('completes keys and values, also of a tenant', async () => {
    await sendSpans(viewer.url, [
      { id: 1, attributes: { 'tenant.id': 'acme' } },
      { id: 2, attributes: { 'tenant.id': 'globex' } },
      { id: 3, attributes: { 'tenant.id': 'acme' } },
    ])
    const { keys } = await read('keys?prefix=tenant')
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(['tenant', 'tenant.id'])
    expect((await read('values?key=tenant')).values).toEqual([
      { value: 'acme', spans: 2 },
      { value: 'globex', spans: 1 },
    ])
    expect((await read('values?key=status')).values).toContainEqual({ value: 'error' })
  })

  it('lists single spans, page by page', async () => {
    await sendSpans(
      viewer.url,
      Array.from({ length: 5 }, (_, index) => ({ id: index + 1, at: index })),
    )
    const first = await read('spans?limit=3')
    const second = await read(`spans?limit=3&cursor=${first.next}`)
    const ids = [...first.spans, ...second.spans].map(({ id }: { id: string }) => id)
    expect(ids).toEqual([5, 4, 3, 2, 1].map(spanId))
    expect(second.next).toBeNull()
  })

  it('writes out what it reads in again, the same', async () => {
    await sendSpans(viewer.url, [
      {
        id: 1,
        name: 'ünïcode ✓',
        took: 12.345678,
        attributes: { text: 'a', number: 5, half: 0.5, yes: true },
        events: [{ name: 'event', at: 1 }],
        links: [{ trace: 9, span: 9 }],
      },
      { id: 2, parent: 1, error: 'no', kind: 'client' },
    ])
    const before = await read(`traces/${traceId(1)}`)
    const file = await ask(`${viewer.url}/api/local/export`)
    expect(file.headers['content-disposition']).toMatch(/^attachment/)
    await forget()
    const imported = await ask(`${viewer.url}/api/local/import`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(file.bytes),
    })
    expect(imported.json).toEqual({
      format: 'otlp',
      spans: 2,
      logs: 0,
      rejected: 0,
      traces: [traceId(1)],
    })
    const after = await read(`traces/${traceId(1)}`)
    expect(after.spans).toEqual(before.spans)
    expect(after.resources).toEqual(before.resources)
  })

  it('reads what it writes as Jaeger and as Zipkin JSON', async () => {
    await sendSpans(viewer.url, [
      {
        id: 1,
        kind: 'server',
        took: 5,
        attributes: { 'http.response.status_code': 500 },
        error: 'no',
      },
      { id: 2, parent: 1, kind: 'client', at: 1, took: 2 },
    ])
    const files = {
      jaeger: (await ask(`${viewer.url}/api/traces/${traceId(1)}`)).text,
      zipkin: (await ask(`${viewer.url}/api/v2/trace/${traceId(1)}`)).text,
    }
    for (const [format, body] of Object.entries(files)) {
      await forget()
      const answer = await ask(`${viewer.url}/api/local/import`, {
        method: 'POST',
        headers: JSON_TYPE,
        body,
      })
      expect(answer.json).toMatchObject({ format, spans: 2 })
      const { spans } = await read(`traces/${traceId(1)}`)
      expect(spans).toMatchObject([
        { kind: 'server', duration: 5, status: 'error', statusMessage: 'no' },
        { kind: 'client', duration: 2, offset: 1, depth: 1 },
      ])
      expect(spans[0].attributes['http.response.status_code']).toBe(500)
    }
  })

  it('says in one sentence that it cannot read a file', async () => {
    for (const body of ['nonsense', '{"a":1}', '5']) {
      const answer = await ask(`${viewer.url}/api/local/import`, { method: 'POST', body })
      expect([answer.status, answer.json.error.message]).toEqual([
        400,
        expect.stringMatching(/JSON/),
      ])
    }
  })

  it('sends what comes live, and what it had is cleared', async () => {
    const stream = await follow(
      `${viewer.url}/api/local/stream?q=service:orders&topics=traces,receiver`,
    )
    expect((await stream.next('hello')).version).toBe(VERSION)
    await sendSpans(viewer.url, [{ trace: 1, id: 1, service: 'other' }])
    await sendSpans(viewer.url, [{ trace: 2, id: 1, took: 7 }])
    const { traces, removed, more } = await stream.next('traces')
    expect([traces.map(({ id }: { id: string }) => id), removed, more]).toEqual([
      [traceId(2)],
      [],
      0,
    ])
    expect((await stream.next('receiver')).exports[0].path).toBe('/v1/traces')
    await forget()
    await stream.next('cleared')
    stream.close()
  })

  it('tells that the open trace has changed', async () => {
    const stream = await follow(`${viewer.url}/api/local/stream?topics=none&trace=${traceId(4)}`)
    await sendSpans(viewer.url, [{ trace: 4, id: 1 }])
    expect(await stream.next('trace')).toEqual({ id: traceId(4), spans: 1 })
    stream.close()
  })
})

/** Reads a stream of server-sent events. */
async function follow(url: string) {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const waiting: { event: string; resolve: (data: any) => void }[] = []
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const come: { event: string; data: any }[] = []
  const match = (): void => {
    for (const [index, { event, resolve }] of [...waiting.entries()].reverse()) {
      const found = come.findIndex((each) => each.event === event)
      if (found < 0) continue
      resolve(come.splice(found, 1)[0]?.data)
      waiting.splice(index, 1)
    }
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject)
  })
  expect(response.headers['content-type']).toMatch(/^text\/event-stream/)
  let text = ''
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text + chunk).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const [, event = '', data = '{}'] = /^event: (.+)\ndata: (.+)$/.exec(part) ?? []
      if (event !== '') come.push({ event, data: JSON.parse(data) })
    }
    match()
  })
  return {
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
    next: (event: string): Promise<any> =>
      new Promise((resolve) => {
        waiting.push({ event, resolve })
        match()
      }),
    close: () => response.destroy(),
  }
}
