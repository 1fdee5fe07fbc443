import { type AddressInfo, connect } from 'node:net'
import tracingByDefault, { tracing } from '@callchain/fastify'
import { assertSpan, createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

let recorder: Recorder
let app: FastifyInstance

beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await app.close()
  await recorder.shutdown()
})

async function createApp(options?: FastifyServerOptions): Promise<FastifyInstance> {
  app = fastify(options)
  await app.register(tracing)
  return app
}

describe('tracing for Fastify', () => {
  it('is its default export, too', () => {
    app = fastify()
    expect(tracingByDefault).toBe(tracing)
  })

  it('traces what is injected as what comes over the network', async () => {
    await createApp()
    app.get('/users/:id', async () => ({ ok: true }))
    expect((await app.inject('/users/7')).statusCode).toBe(200)
    const [span] = await recorder.waitFor(1)
    assertSpan(span, {
      name: 'GET /users/:id',
      status: 'unset',
      attributes: { 'http.response.status_code': 200, 'url.path': '/users/7' },
    })
  })

  it('traces the routes of plugins that were registered next to it', async () => {
    await createApp()
    await app.register(
      async (inner) => {
        inner.get('/users/:id', async () => ({ ok: true }))
      },
      { prefix: '/api/:version' },
    )
    await app.inject('/api/v1/users/7')
    const [span] = await recorder.waitFor(1)
    assertSpan(span, { name: 'GET /api/:version/users/:id' })
  })

  it('records one exception when onSend throws', async () => {
    await createApp()
    app.addHook('onSend', async () => {
      throw new RangeError('broken')
    })
    app.get('/users/:id', async () => ({ ok: true }))
    expect((await app.inject('/users/7')).statusCode).toBe(500)
    const [span] = await recorder.waitFor(1)
    assertSpan(span, {
      name: 'GET /users/:id',
      status: 'error',
      events: ['exception'],
      attributes: { 'error.type': 'RangeError', 'http.response.status_code': 500 },
    })
  })

  it('knows the status of a reply that was hijacked', async () => {
    await createApp()
    app.get('/users/:id', (_request, reply) => {
      reply.hijack()
      reply.raw.statusCode = 503
      reply.raw.end('later')
    })
    await app.inject('/users/7')
    const [span] = await recorder.waitFor(1)
    assertSpan(span, {
      status: 'error',
      attributes: { 'error.type': '503', 'http.response.status_code': 503 },
    })
  })

  it('says that a request ran out of time', async () => {
    await createApp({ connectionTimeout: 60_000 })
    app.get('/users/:id', ({ raw }) => {
      // Not from the start: a busy machine may take longer than any short time to bring the request.
      raw.socket.setTimeout(1)
      return new Promise(() => {})
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET /users/7 HTTP/1.1\r\nhost: shop.example\r\n\r\n')
    const [span] = await recorder.waitFor(1)
    socket.destroy()
    assertSpan(span, {
      name: 'GET /users/:id',
      status: 'error',
      attributes: { 'error.type': 'timeout', 'http.response.status_code': undefined },
    })
  })

  it('takes a failed validation for no error', async () => {
    await createApp()
    const schema = { querystring: { type: 'object', required: ['page'] } }
    app.get('/users', { schema }, async () => [])
    expect((await app.inject('/users')).statusCode).toBe(400)
    const [span] = await recorder.waitFor(1)
    assertSpan(span, { name: 'GET /users', status: 'unset', events: [] })
  })

  it('gives hooks the request of Fastify', async () => {
    app = fastify()
    await app.register(tracing, {
      attributes: (request) => ({ 'app.route': request.routeOptions.url ?? '' }),
    })
    app.get('/users/:id', async () => ({ ok: true }))
    await app.inject('/users/7')
    const [span] = await recorder.waitFor(1)
    assertSpan(span, { attributes: { 'app.route': '/users/:id' } })
  })
})
