import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertChain, chain, createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import request from 'supertest'
import { type Shop, startShop } from './shop.ts'

let recorder: Recorder
let shop: Shop

beforeAll(async () => {
  recorder = createRecorder()
  shop = await startShop()
})

afterAll(async () => {
  await shop.close()
  await recorder.shutdown()
})

const get = (path: string) => chain(({ headers }) => request(shop.orders).get(path).set(headers))

describe('chain()', () => {
  it('draws what a request did in all services, without ids, ports and times', async () => {
    const shown = await get('/orders/7')
    expect(String(shown)).toMatchInlineSnapshot(`
      "GET /orders/:id  200
        SELECT
        GET localhost → GET /stock/:item  200
          SELECT stock"
    `)
    expect(shown.result.body).toEqual({ left: 3 })
  })

  it('finds spans by name, pattern, likeness and function, and says what there is instead', async () => {
    const shown = await get('/orders/7')
    expect(shown.find('GET /stock/:item').kind).toBe('server')
    expect(shown.find(/stock$/).statement).toBe('SELECT left_over FROM stock WHERE item = $1')
    expect(shown.findAll({ kind: 'server' })).toHaveLength(2)
    expect(shown.find({ attributes: { 'url.path': '/orders/7' } }).name).toBe('GET /orders/:id')
    expect(() => shown.find('GET /nothing')).toThrow(
      "the chain has no span named 'GET /nothing':\n\nGET /orders/:id  200",
    )
    expect(() => shown.find((span) => span.kind === 'server')).toThrow('the chain has 2 spans')
  })

  it('keeps two hundred chains apart that run at the same time', async () => {
    const lengths = Array.from({ length: 200 }, (_, index) => (index % 7) + 1)
    const chains = await Promise.all(lengths.map((length) => get(`/lists/${length}`)))
    for (const [index, shown] of chains.entries())
      assertChain(shown, { statements: lengths[index] ?? 0 })
  })

  it('draws calls that are made together in the same order each time', async () => {
    const texts = new Set<string>()
    for (let turn = 0; turn < 10; turn++) texts.add(String(await get('/together')))
    expect([...texts]).toEqual([
      'GET /together  200\n  GET localhost → GET /stock/:item  200 × 2\n    SELECT stock',
    ])
  })

  it('takes in a trace of its own that links to the chain', async () => {
    const shown = await chain(({ headers, traceId }) => {
      const [, , spanId = ''] = (headers.traceparent ?? '').split('-')
      const links = [{ context: { traceId, spanId, traceFlags: 1 } }]
      trace.getTracer('t').startSpan('at the edge', { root: true, links }).end()
    })
    expect(String(shown)).toBe('at the edge')
  })

  it('says which span is still open, and what has ended', async () => {
    const open: { end(): void }[] = []
    const never = chain(
      () => {
        open.push(trace.getTracer('t').startSpan('for ever'))
        trace.getTracer('t').startSpan('done').end()
      },
      { timeout: 60 },
    )
    await expect(never).rejects.toThrow(
      "callchain: the chain was not over after 60 ms; still open: 'for ever'; what has ended:\n\ndone",
    )
    for (const span of open) span.end()
  })

  it('waits until what is wanted holds', async () => {
    const shown = await chain(
      () => {
        const span = trace.getTracer('t').startSpan('asked')
        span.end()
        const context = trace.setSpan(ROOT_CONTEXT, span)
        setTimeout(() => trace.getTracer('t').startSpan('later', {}, context).end(), 100)
      },
      { until: (so) => so.spans.length === 2 },
    )
    expect(String(shown)).toBe('asked\n  later')
  })

  it('is written for callchain diff where CALLCHAIN_RECORD says, without values', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callchain-record-'))
    process.env.CALLCHAIN_RECORD = join(folder, 'new')
    try {
      await get('/orders/7')
      const [file = ''] = await readdir(join(folder, 'new'))
      const text = await readFile(join(folder, 'new', file), 'utf8')
      expect(JSON.parse(text)).toMatchObject({
        callchain: 1,
        test: expect.stringContaining('is written for callchain diff'),
        spans: [
          {
            name: 'GET /orders/:id',
            tenant: true,
            children: [{ statement: 'select ?::int as id' }, { host: 'localhost' }],
          },
        ],
      })
      expect(text).not.toContain('acme')
    } finally {
      delete process.env.CALLCHAIN_RECORD
      await rm(folder, { recursive: true })
    }
  })

  it('rejects with what the function throws', async () => {
    await expect(chain(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  })

  it('names an option that is wrong', async () => {
    await expect(chain(() => 1, { timeout: -1 })).rejects.toThrow(
      'callchain: timeout of chain() cannot be -1',
    )
    await expect(chain(() => 1, { wait: 1 } as never)).rejects.toThrow(
      "chain() has no option 'wait'",
    )
  })
})

describe('a chain without one recorder', () => {
  it('says how to make one', async () => {
    await recorder.shutdown()
    await expect(chain(() => 1)).rejects.toThrow('chain() found no recorder: call createRecorder()')
    recorder = createRecorder()
  })

  it('asks which one is meant', async () => {
    const second = createRecorder({ register: false })
    await expect(chain(() => 1)).rejects.toThrow('chain() found 2 recorders: pass the one')
    expect(String(await chain(() => 1, { recorder }))).toBe('(no span)')
    await second.shutdown()
  })
})
