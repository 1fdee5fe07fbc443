import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tenant } from '@callchain/core'
import { traceMixin } from '@callchain/logs/pino'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fastify5, { type FastifyInstance, type FastifyRequest } from 'fastify'
import fastify4 from 'fastify4'
import { tracing } from '../src/index.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, baggage: 'user.id=ada' }
const versions: [string, typeof fastify5][] = [
  ['5', fastify5],
  ['4', fastify4 as unknown as typeof fastify5],
]

interface Line {
  readonly msg: string
  readonly trace_id?: string
  readonly span_id?: string
  readonly tenant_id?: string
  readonly user_id?: string
}

describe.each(versions)("Fastify %s's own lines, with the mixin", (_version, fastify) => {
  let recorder: Recorder
  let app: FastifyInstance
  let texts: string[]
  let completed = (): void => {}

  beforeEach(() => {
    recorder = createRecorder()
    texts = []
    const stream = {
      write: (text: string) => {
        texts.push(text)
        if (text.includes('request completed')) completed()
      },
    }
    app = fastify({ logger: { mixin: traceMixin(), stream } })
  })
  afterEach(async () => {
    await app.close()
    await recorder.shutdown()
  })

  const lines = (): Line[] => texts.map((text) => JSON.parse(text))
  const told = (): unknown[] =>
    lines().map(({ msg, trace_id, user_id, tenant_id }) => [msg, trace_id, user_id, tenant_id])

  async function request(path: string): Promise<void> {
    if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    texts.length = 0
    const written = new Promise<void>((resolve) => {
      completed = resolve
    })
    await new Promise<void>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path, agent: false, headers }, (response) => {
        response.resume().on('close', resolve)
      }).on('error', reject)
    })
    await written
    await recorder.settled()
  }

  it('carry the trace and the user, and the tenant from the moment it is known', async () => {
    await app.register(tracing)
    app.get('/orders/:id', async (request) => {
      tenant.set('acme')
      request.log.info('looked up')
      return {}
    })
    await request('/orders/1')
    expect(told()).toEqual([
      ['incoming request', TRACE, 'ada', undefined],
      ['looked up', TRACE, 'ada', 'acme'],
      ['request completed', TRACE, 'ada', 'acme'],
    ])
    for (const text of texts) expect(text.match(/"trace_id":/g)).toHaveLength(1)
  })

  it('name the one SERVER span, which has its route and its caller', async () => {
    await app.register(tracing)
    app.get('/orders/:id', async () => ({}))
    await request('/orders/1')
    const [span, ...others] = await recorder.waitFor(1)
    expect(others).toEqual([])
    expect(span?.name).toBe('GET /orders/:id')
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    const ids = new Set(lines().map(({ span_id }) => span_id))
    expect([...ids]).toEqual([span?.spanContext().spanId])
  })

  it('carry it where no route matches, where the handler throws, and where a request is injected', async () => {
    await app.register(tracing)
    app.get('/broken', async () => {
      throw new Error('broken')
    })
    await request('/nowhere')
    await request('/broken')
    await app.inject({ url: '/broken', headers })
    expect(new Set(lines().map(({ msg }) => msg))).toEqual(
      new Set(['incoming request', 'broken', 'request completed']),
    )
    for (const line of lines()) expect(line).toMatchObject({ trace_id: TRACE })
  })

  it('belong to routes of other plugins, too', async () => {
    await app.register(tracing)
    await app.register(
      async (scope) => {
        scope.decorateRequest('own', '')
        scope.get('/inner', async () => ({}))
      },
      { prefix: '/scope' },
    )
    await request('/scope/inner')
    expect(lines()).toHaveLength(2)
    for (const line of lines()) expect(line).toMatchObject({ trace_id: TRACE })
  })

  it("leave the options' hooks Fastify's request, once for each request", async () => {
    const asked: string[] = []
    const attributes = (request: FastifyRequest): undefined => {
      asked.push(`${request.id} ${request.routeOptions.url}`)
    }
    await app.register(tracing, { attributes })
    app.get('/orders/:id', async () => ({}))
    await request('/orders/1')
    expect(asked).toEqual(['req-1 /orders/:id'])
  })

  it('say no trace for a request that is ignored', async () => {
    await app.register(tracing, { ignore: ({ url }) => url === '/health' })
    app.get('/health', async () => ({}))
    await request('/health')
    expect(lines().map(({ trace_id }) => trace_id)).toEqual([undefined, undefined])
    expect(recorder.spans()).toEqual([])
  })

  it('do not leave a span open when a hook before ours answers', async () => {
    app.addHook('onRequest', async (_request, reply) => reply.code(429).send())
    await app.register(tracing)
    app.get('/orders/:id', async () => ({}))
    await request('/orders/1')
    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['http.response.status_code']).toBe(429)
    expect(lines().map(({ trace_id }) => trace_id)).toEqual([TRACE, TRACE])
  })

  it('do not leave a span open when the client leaves while a hook before ours takes its time', async () => {
    let arrive = (): void => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    app.addHook('onRequest', () => arrive())
    await app.register(tracing)
    app.get('/orders/:id', async () => ({}))
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const leaving = get({ port, host: '127.0.0.1', path: '/orders/1', agent: false, headers })
    leaving.on('error', () => {})
    await arrived
    expect(recorder.open()).toHaveLength(1)
    leaving.destroy()
    const [span] = await recorder.waitFor(1)
    expect(span?.attributes['http.response.status_code']).toBeUndefined()
    expect(span?.attributes['error.type']).toBe('client_abort')
    expect(recorder.open()).toEqual([])
  })
})
