import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/koa'
import { assertSpan, createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Router from '@koa/router'
import Koa from 'koa'
import request from 'supertest'

type EndedSpan = ReturnType<Recorder['spans']>[number]

let recorder: Recorder

beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.shutdown()
})

async function onlySpan(): Promise<EndedSpan | undefined> {
  return (await recorder.waitFor(1))[0]
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
    await request(app.callback()).get('/').expect(500)
    const span = await onlySpan()
    expect(seen).toEqual(['boom', span?.spanContext().traceId])
  })

  it('names the route with the prefix of its router', async () => {
    const router = new Router({ prefix: '/api/:version' })
    router.get('/users/:id', (ctx) => {
      ctx.body = ctx.params.id
    })
    await request(createApp(router).callback()).get('/api/v1/users/7').expect(200)
    assertSpan(await onlySpan(), { name: 'GET /api/:version/users/:id' })
  })

  it("leaves the route out where it passed on and the 404 is Koa's own", async () => {
    const router = new Router()
    router.get('/fall/:id', (_ctx, next) => next())
    await request(createApp(router).callback()).get('/fall/7').expect(404)
    assertSpan(await onlySpan(), { name: 'GET', attributes: { 'http.route': undefined } })
  })

  it('keeps the route where it answered 404 itself', async () => {
    const router = new Router()
    router.get('/users/:id', (ctx) => {
      ctx.status = 404
    })
    await request(createApp(router).callback()).get('/users/7').expect(404)
    assertSpan(await onlySpan(), { name: 'GET /users/:id' })
  })

  it('names a route that is a regular expression by its source', async () => {
    const router = new Router()
    router.get(/^\/files\/\d+$/, (ctx) => {
      ctx.body = 'file'
    })
    await request(createApp(router).callback()).get('/files/42').expect(200)
    assertSpan(await onlySpan(), {
      attributes: { 'http.route': String(/^\/files\/\d+$/) },
    })
  })

  it('gives what allowedMethods() answers no route', async () => {
    const router = new Router()
    router.get('/users/:id', () => {})
    await request(createApp(router).callback()).put('/users/7').expect(405)
    assertSpan(await onlySpan(), {
      name: 'PUT',
      status: 'unset',
      attributes: { 'http.route': undefined },
    })
  })

  it('takes the status of an error from what Koa answers with', async () => {
    const app = createApp().use((ctx) => ctx.throw(404, 'gone'))
    await request(app.callback()).get('/').expect(404)
    assertSpan(await onlySpan(), { status: 'unset', events: [] })
  })

  it('gives hooks the context of Koa', async () => {
    const app = new Koa().use(tracing({ attributes: (ctx) => ({ 'app.path': ctx.path }) }))
    await request(app.callback()).get('/users')
    assertSpan(await onlySpan(), { attributes: { 'app.path': '/users' } })
  })
})
