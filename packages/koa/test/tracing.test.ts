import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/koa'
import { assertSpan, createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Router from '@koa/router'
import Koa from 'koa'

let recorder: Recorder
let server: Server

beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await recorder.shutdown()
})

async function request(app: Koa, path: string, init?: RequestInit): Promise<number> {
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
  await response.text()
  await recorder.waitFor(1)
  return response.status
}

function createApp(...routers: Router[]): Koa {
  const app = new Koa().use(tracing())
  app.silent = true
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods())
  return app
}

describe('tracing() for Koa', () => {
  it("tells the application's error listeners within the request", async () => {
    const app = createApp().use(() => {
      throw new TypeError('boom')
    })
    const seen: unknown[] = []
    app.on('error', (error) => seen.push(error.message, currentTrace()?.traceId))
    expect(await request(app, '/')).toBe(500)
    const [span] = recorder.take(1)
    expect(seen).toEqual(['boom', span?.spanContext().traceId])
  })

  it('names the route with the prefix of its router', async () => {
    const router = new Router({ prefix: '/api/:version' })
    router.get('/users/:id', (ctx) => {
      ctx.body = ctx.params.id
    })
    expect(await request(createApp(router), '/api/v1/users/7')).toBe(200)
    assertSpan(recorder.take(1)[0], { name: 'GET /api/:version/users/:id' })
  })

  it("leaves the route out where it passed on and the 404 is Koa's own", async () => {
    const router = new Router()
    router.get('/fall/:id', (_ctx, next) => next())
    expect(await request(createApp(router), '/fall/7')).toBe(404)
    assertSpan(recorder.take(1)[0], { name: 'GET', attributes: { 'http.route': undefined } })
  })

  it('keeps the route where it answered 404 itself', async () => {
    const router = new Router()
    router.get('/users/:id', (ctx) => {
      ctx.status = 404
    })
    expect(await request(createApp(router), '/users/7')).toBe(404)
    assertSpan(recorder.take(1)[0], { name: 'GET /users/:id' })
  })

  it('names a route that is a regular expression by its source', async () => {
    const router = new Router()
    router.get(/^\/files\/\d+$/, (ctx) => {
      ctx.body = 'file'
    })
    expect(await request(createApp(router), '/files/42')).toBe(200)
    assertSpan(recorder.take(1)[0], {
      attributes: { 'http.route': String(/^\/files\/\d+$/) },
    })
  })

  it('gives what allowedMethods() answers no route', async () => {
    const router = new Router()
    router.get('/users/:id', () => {})
    expect(await request(createApp(router), '/users/7', { method: 'PUT' })).toBe(405)
    assertSpan(recorder.take(1)[0], {
      name: 'PUT',
      status: 'unset',
      attributes: { 'http.route': undefined },
    })
  })

  it('takes the status of an error from what Koa answers with', async () => {
    const app = createApp().use((ctx) => ctx.throw(404, 'gone'))
    expect(await request(app, '/')).toBe(404)
    assertSpan(recorder.take(1)[0], { status: 'unset', events: [] })
  })

  it('gives hooks the context of Koa', async () => {
    const app = new Koa().use(tracing({ attributes: (ctx) => ({ 'app.path': ctx.path }) }))
    await request(app, '/users')
    assertSpan(recorder.take(1)[0], { attributes: { 'app.path': '/users' } })
  })
})
