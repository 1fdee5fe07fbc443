import { tenant } from '@callchain/core'
import { tracing } from '@callchain/hono'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = {
  traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  baggage: 'tenant.id=acme',
}

let recorder: Recorder
beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.settled()
  await recorder.shutdown()
})

function application(): Hono {
  const app = new Hono()
  app.use(tracing())
  return app
}

describe('the route', () => {
  it.each([
    { path: '/api/orgs/acme/items/7', name: 'GET /api/orgs/:org/items/:id' },
    { path: '/files/a/b', name: 'GET /files/*' },
    { path: '/two', name: 'GET /two' },
    { path: '/any', name: 'GET /any' },
    { path: '/guarded/x', name: 'GET' },
    { path: '/mounted/x', name: 'GET' },
    { path: '/none', name: 'GET' },
  ])('of $path is in the name $name', async ({ path, name }) => {
    const app = application()
    const inner = new Hono().get('/items/:id', (c) => c.text('item'))
    app.route('/api/orgs/:org', inner)
    app.get('/files/*', (c) => c.text('file'))
    app.on('GET', ['/one', '/two'], (c) => c.text('one'))
    app.all('/any', (c) => c.text('any'))
    app.use('/guarded/*', async (c) => c.text('no', 401))
    app.mount('/mounted', () => new Response('mounted'))
    await app.request(path)

    const [span] = await recorder.waitFor(1)
    expect(span?.name).toBe(name)
  })
})

it('takes the path that it is bound to itself for no route', async () => {
  const app = new Hono()
  app.use('/admin', tracing())
  await app.request('/admin')

  const [span] = await recorder.waitFor(1)
  expect(span?.name).toBe('GET')
})

describe('where there is no request of Node', () => {
  it('is one SERVER span, whose handler runs in it', async () => {
    const app = application()
    app.get('/items/:id', (c) => c.json({ set: tenant.set('acme', c) }, 201))
    const response = await app.request('/items/7?token=x&a=1')
    expect(await response.json()).toEqual({ set: true })

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({
      kind: SpanKind.SERVER,
      name: 'GET /items/:id',
      attributes: {
        'http.response.status_code': 201,
        'tenant.id': 'acme',
        'url.path': '/items/7',
        'url.query': 'token=REDACTED&a=1',
        'url.scheme': 'http',
        'server.address': 'localhost',
      },
    })
  })

  it.each([
    { who: 'nobody knows', env: undefined, isBelieved: false },
    { who: 'Bun knows', env: { requestIP: () => ({ address: '127.0.0.1', port: 4711 }) } },
    { who: 'Bun knows', env: { server: { requestIP: () => ({ address: '::1', port: 1 }) } } },
    { who: 'Deno knows', env: { remoteAddr: { hostname: '10.0.0.7', port: 4711 } } },
    {
      who: 'Bun knows to be far',
      env: { requestIP: () => ({ address: '203.0.113.7', port: 1 }) },
      isBelieved: false,
    },
    { who: 'Bun no longer knows', env: { requestIP: () => null }, isBelieved: false },
  ])('believes the caller whose address $who: $isBelieved', async ({ env, isBelieved = true }) => {
    const app = application()
    app.get('/', (c) => c.text(tenant.get() ?? 'none'))
    const response = await app.request('/', { headers: CALLER }, env)
    expect(await response.text()).toBe(isBelieved ? 'acme' : 'none')

    const [span] = await recorder.waitFor(1)
    expect(span?.spanContext().traceId === TRACE).toBe(isBelieved)
  })

  it('records what a handler throws, whatever answers it', async () => {
    const app = application()
    app.get('/error', () => {
      throw new RangeError('out')
    })
    app.get('/text', () => {
      throw 'out' as unknown as Error
    })
    app.onError((_error, c) => c.text('sorry', 503))
    expect((await app.request('/error')).status).toBe(503)
    await expect(async () => app.request('/text')).rejects.toBe('out')

    const [error, text] = await recorder.waitFor(2)
    expect(error?.attributes).toMatchObject({
      'http.response.status_code': 503,
      'error.type': 'RangeError',
    })
    expect(text?.attributes['error.type']).toBe('_OTHER')
    expect(text?.attributes['http.response.status_code']).toBeUndefined()
  })

  it('lasts as long as a stream of events', async () => {
    const app = application()
    app.get('/events', (c) =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: 'one' })
        await stream.writeSSE({ data: 'two' })
      }),
    )
    const response = await app.request('/events')
    expect([recorder.spans().length, recorder.open().length]).toEqual([0, 1])
    expect(await response.text()).toBe('data: one\n\ndata: two\n\n')

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(0)
  })

  it('is a client that left when it stops reading a stream of events', async () => {
    const app = application()
    app.get('/events', (c) =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: 'one' })
        await new Promise<void>((resolve) => stream.onAbort(resolve))
      }),
    )
    const response = await app.request('/events')
    await response.body?.cancel()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'error.type': 'client_abort',
    })
  })

  it('leaves a body alone that says nothing of a stream', async () => {
    const given = new Response('hello')
    const app = application()
    app.get('/', () => given)

    expect(await app.request('/')).toBe(given)
  })

  it('ignores what it is told to, and is mounted once', async () => {
    const app = new Hono()
    app.use(tracing({ ignore: (c) => c.req.path === '/health' }), tracing())
    app.all('*', (c) => c.text('ok'))
    await app.request('/health')
    await app.request('/other')

    expect((await recorder.waitFor(1)).map(({ attributes }) => attributes['url.path'])).toEqual([
      '/other',
    ])
  })
})
