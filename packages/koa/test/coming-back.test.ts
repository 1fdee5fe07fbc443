import { AsyncResource } from 'node:async_hooks'
import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/koa'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import Router from '@koa/router'
import Koa, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import request from 'supertest'
import { compose } from '../src/compose.ts'

/** What was made before any request: calls back in the context of none. */
const elsewhere = new AsyncResource('elsewhere')

const lost: Middleware = (_ctx, next) =>
  new Promise((resolve, reject) => {
    setImmediate(() => elsewhere.runInAsyncScope(() => next().then(resolve, reject)))
  })

const tell: Middleware = (ctx) => {
  ctx.body = currentTrace()?.spanId ?? 'none'
}

const lines = [
  { name: 'Koa 3', create: () => new Koa() },
  { name: 'Koa 2', create: () => new Koa2() as unknown as Koa },
]

describe.each(lines)('$name runs what follows a callback from elsewhere', ({ create }) => {
  let recorder: Recorder
  let app: Koa

  beforeEach(() => {
    recorder = createRecorder()
    app = create().use(tracing())
  })
  afterEach(async () => {
    await recorder.shutdown()
  })

  async function expectOwn(path = '/orders/7'): Promise<void> {
    recorder.reset()
    const { text } = await request(app.callback()).get(path)
    const [span] = await recorder.waitFor(1)
    expect(text).toBe(span?.spanContext().spanId)
  }

  it('in its own context: a later middleware', async () => {
    app.use(lost).use(tell)
    await expectOwn()
  })

  it('in its own context: a later handler of a route', async () => {
    app.use(new Router().get('/orders/:id', lost, tell).routes())
    await expectOwn()
  })

  it('in its own context: a nested router with middleware and parameters', async () => {
    const seen: unknown[] = []
    const inner = new Router()
      .use(lost)
      .param('id', (_id, ctx, next) => {
        seen.push(currentTrace()?.spanId)
        return lost(ctx, next)
      })
      .get('/:id', tell)
    app.use(new Router().use('/orders', inner.routes()).routes())
    await expectOwn()
    expect(seen).toHaveLength(1)
    expect(seen[0]).not.toBeUndefined()
  })

  it('in its own context: what a router passes on to', async () => {
    app.use(new Router().get('/orders/:id', lost).routes()).use(tell)
    await expectOwn()
  })

  it('in its own context: a router that is composed, or called by a function', async () => {
    const routes = new Router().get('/orders/:id', lost, tell).routes()
    const byHand = new Router().get('/by-hand', lost, tell).routes()
    app.use(compose([(_ctx, next) => next(), routes as Middleware]))
    app.use((ctx, next) => byHand(ctx as Parameters<typeof byHand>[0], next))
    await expectOwn()
    await expectOwn('/by-hand')
  })

  it("in its own context: a router, though the application keeps one of its own on Koa's context", async () => {
    const own = new Router()
    Object.assign(app.context, { router: own })
    const seen: unknown[] = []
    app.use((ctx, next) => {
      seen.push((ctx as { router?: unknown }).router)
      return next()
    })
    const entered = new Router().get('/orders/:id', lost, (ctx) => {
      seen.push(ctx.router)
      ctx.body = currentTrace()?.spanId ?? 'none'
    })
    app.use(entered.routes())
    await expectOwn()
    expect(seen).toEqual([own, entered])
  })

  it('in its own context: what was added after the first request', async () => {
    const router = new Router().get('/orders/:id', lost, tell)
    app.use(router.routes())
    await expectOwn()
    router.get('/late/:id', lost, tell)
    await expectOwn('/late/7')
    app.use(lost).use(tell)
    await expectOwn('/later')
  })

  it('in its own context: after a second tracing(), where Koa does not list what follows', async () => {
    const again = tracing()
    app.use((ctx, next) => lost(ctx, async () => again(ctx, async () => tell(ctx, next))))
    await expectOwn()
  })

  it('once, in its order, and with what the application gave it', async () => {
    const order: string[] = []
    const step =
      (name: string): Middleware =>
      async (_ctx, next) => {
        order.push(name)
        await next()
        order.push(`${name} again`)
      }
    app.use(step('a')).use(step('b')).use(tell)
    await expectOwn()
    expect(order).toEqual(['a', 'b', 'b again', 'a again'])
  })

  it('with the error of a next() that is called twice', async () => {
    const errors: Error[] = []
    app.on('error', (error) => errors.push(error))
    app.use(async (_ctx, next) => {
      await next()
      await next()
    })
    await request(app.callback()).get('/').expect(500)
    expect(errors.map(({ message }) => message)).toEqual(['next() called multiple times'])
  })

  it('and reports once, by its name, what called back', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const name = `loadSession of ${expect.getState().currentTestName}`
    const loadSession: Middleware = (ctx, next) => lost(ctx, next)
    app.use(Object.defineProperty(loadSession, 'name', { value: name })).use(tell)
    await expectOwn()
    await expectOwn()
    const messages = emitWarning.mock.calls.map(([message]) => String(message))
    emitWarning.mockRestore()
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(name)
  })

  it('and leaves routers as their listings read them', () => {
    const router = new Router().get('/orders/:id', tell)
    app.use(router.routes())
    expect(app.middleware.at(-1)).toHaveProperty('router', router)
  })
})
