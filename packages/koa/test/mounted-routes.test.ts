import { tracing } from '@callchain/koa'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Router from '@koa/router'
import Koa from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'

let recorder: Recorder

beforeEach(() => {
  recorder = createRecorder()
})
afterEach(async () => {
  await recorder.shutdown()
})

async function namesOf(app: Koa, ...paths: string[]): Promise<(string | undefined)[]> {
  const handler = app.callback()
  const names: (string | undefined)[] = []
  for (const path of paths) {
    await request(handler).get(path).expect(200)
    await recorder.waitFor(1)
    names.push(recorder.take(1)[0]?.name)
  }
  return names
}

// Does with the context what koa-mount 4.2 does.
function mount(prefix: string, mounted: Koa.Middleware): Koa.Middleware {
  const cut = prefix.replace(/\/$/, '')
  return async (ctx, upstream) => {
    const { path } = ctx
    if (path !== cut && !path.startsWith(`${cut}/`)) return upstream()
    const rest = path.slice(cut.length) || '/'
    ctx.mountPath = prefix
    ctx.path = rest
    try {
      await mounted(ctx, async () => {
        ctx.path = path
        await upstream()
        ctx.path = rest
      })
    } finally {
      ctx.path = path
    }
  }
}

function items(path = '/items/:id'): Koa.Middleware {
  const router = new Router()
  router.get(path, (ctx) => {
    ctx.body = 'item'
  })
  return router.routes() as Koa.Middleware
}

// Leaves on the context what koa-router 7 and 8, and @koa/router before 9.4, leave.
function oldRouter(...routes: string[]): Koa.Middleware {
  const layers = routes.map((route) => {
    const [path = '', method = 'GET'] = route.split(' ').reverse()
    return { path, methods: [method] }
  })
  return (ctx) => {
    const matched = layers.filter(({ path }) => path.endsWith('*') || path === ctx.path)
    const answering = matched.filter(({ methods }) => methods.includes(ctx.method))
    ctx.matched = matched
    ctx._matchedRoute = answering.at(-1)?.path
    ctx.body = 'old'
  }
}

describe.each([
  ['Koa 3', Koa],
  ['Koa 2', Koa2],
])('the route of %s', (_line, Line) => {
  it('has the prefix of each mount that was entered', async () => {
    const app = new Line().use(tracing())
    app.use(mount('/shop', items()))
    app.use(mount('/depot/', items()))
    app.use(mount('/outer', mount('/inner', items())))
    const paths = ['/shop/items/1', '/depot/items/1', '/outer/inner/items/1']
    expect(await namesOf(app, ...paths)).toEqual([
      'GET /shop/items/:id',
      'GET /depot/items/:id',
      'GET /outer/inner/items/:id',
    ])
  })

  it('has no prefix of a mount that passed on', async () => {
    const app = new Line().use(tracing())
    app.use(mount('/shop', (_ctx, next) => next()))
    app.use(items('/shop/items/:id'))
    expect(await namesOf(app, '/shop/items/1')).toEqual(['GET /shop/items/:id'])
  })

  it('is the prefix alone for the root of a mounted router', async () => {
    const app = new Line().use(tracing()).use(mount('/shop', items('/')))
    expect(await namesOf(app, '/shop', '/shop/')).toEqual(['GET /shop', 'GET /shop'])
  })

  it('has the prefix where tracing() itself is mounted', async () => {
    const inner = items()
    const trace = tracing()
    const app = new Line().use(mount('/shop', (ctx, next) => trace(ctx, () => inner(ctx, next))))
    const name = 'GET /shop/items/:id'
    expect(await namesOf(app, '/shop/items/1', '/shop/items/2')).toEqual([name, name])
  })

  it('is left out where an old router knows several that might have answered', async () => {
    const app = new Line().use(tracing()).use(oldRouter('/one', '/two', '/*'))
    expect(await namesOf(app, '/one')).toEqual(['GET'])
  })

  it('is the only one that an old router knows', async () => {
    const app = new Line().use(tracing()).use(oldRouter('/one', '/two'))
    expect(await namesOf(app, '/one')).toEqual(['GET /one'])
  })

  it('is not left out for what an old router knows for other methods', async () => {
    const app = new Line().use(tracing()).use(oldRouter('/one', 'POST /*'))
    expect(await namesOf(app, '/one')).toEqual(['GET /one'])
  })
})
