import { AsyncResource } from 'node:async_hooks'
import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/express'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import express, { type RequestHandler } from 'express'
import express4 from 'express4'
import Router from 'router'
import { startTracedServer, type TracedServer } from './traced-server.ts'

type Next = () => void

/** What was made before any request: calls back in the context of none. */
const elsewhere = new AsyncResource('elsewhere')

function comeBack(next: Next): void {
  setImmediate(() => elsewhere.runInAsyncScope(next))
}

const lost: RequestHandler = (_req, _res, next) => comeBack(() => next())

const tell: RequestHandler = (_req, res) => void res.end(currentTrace()?.spanId ?? 'none')

// Express 5.0 to 5.2 came with it, and lockfiles keep it there.
function onRouter22(): typeof express {
  let line = express
  jest.isolateModules(() => {
    jest.doMock('router', () => jest.requireActual('router22'))
    line = jest.requireActual<typeof express>('express')
  })
  return line
}

const lines = [
  { name: 'Express 5', line: express },
  { name: 'Express 5 on router 2.2', line: onRouter22() },
  { name: 'Express 4', line: express4 as unknown as typeof express },
]

describe.each(lines)('$name runs what follows a callback from elsewhere', ({ line }) => {
  let server: TracedServer

  beforeAll(async () => {
    server = await startTracedServer()
  })
  afterAll(() => server.close())

  function createApp(...build: ((app: express.Express) => unknown)[]): express.Express {
    const app = line().set('env', 'test').use(tracing())
    for (const step of build) step(app)
    server.listener = app
    return app
  }

  async function expectOwn(path = '/orders/7'): Promise<void> {
    const span = await server.send('GET', path)
    expect(server.answer.body).toBe(span.spanContext().spanId)
  }

  it('in its own context: a handler of the same route', async () => {
    createApp((app) => app.get('/orders/:id', lost, tell))
    await expectOwn()
  })

  it('in its own context: handlers of a chained route', async () => {
    createApp((app) => app.route('/orders/:id').all(lost).get(lost, tell))
    await expectOwn()
  })

  it('in its own context: a nested router', async () => {
    const inner = line.Router().use(lost).get('/:id', tell)
    createApp((app) => app.use(line.Router().use('/orders', inner)))
    await expectOwn()
  })

  it('in its own context: what stands after a router that passes on', async () => {
    createApp(
      (app) => app.use(line.Router().use(lost)),
      (app) => app.get('/orders/:id', tell),
    )
    await expectOwn()
  })

  it('in its own context: a sub-application, from the first request on', async () => {
    const innermost = line().use(lost).get('/:id', tell)
    createApp((app) => app.use('/', line().use('/orders', innermost)))
    await expectOwn()
  })

  it('in its own context: what stands after a sub-application that passes on', async () => {
    createApp(
      (app) => app.use(line().use(lost)),
      (app) => app.get('/orders/:id', tell),
    )
    await expectOwn()
  })

  it('in its own context: a parameter and what follows it', async () => {
    const seen: unknown[] = []
    const see = (_req: unknown, _res: unknown, next: Next) => {
      seen.push(currentTrace()?.spanId)
      comeBack(next)
    }
    createApp((app) => app.use(lost).param('id', see).param('id', see).get('/orders/:id', tell))
    await expectOwn()
    expect(seen).toEqual([server.answer.body, server.answer.body])
  })

  it('in its own context: an error handler', async () => {
    createApp((app) => {
      app.get('/orders/:id', (_req, _res, next) => comeBack(() => next(new Error('broken'))))
      const handle: express.ErrorRequestHandler = (_error, req, res, next) => tell(req, res, next)
      app.use(handle)
    })
    await expectOwn()
  })

  it('in its own context: what was added after the first request', async () => {
    const router = line.Router()
    const route = router.route('/late/:id').get(lost)
    const app = createApp((app) => app.use(router).get('/orders/:id', lost, tell))
    await expectOwn()
    app.get('/later/:id', lost, tell)
    route.get(tell)
    router.get('/router/:id', lost, tell)
    for (const path of ['/later/7', '/late/7', '/router/7']) await expectOwn(path)
  })

  it('in its own context: after a second tracing(), where no layer can be reached', async () => {
    const hidden = new Router().use(lost as never)
    hidden.use(tracing()).use(tell as never)
    createApp((app) => app.use((req, res, next) => hidden(req, res, next)))
    await expectOwn()
  })
})

describe('a middleware that calls back from elsewhere', () => {
  let server: TracedServer

  beforeAll(async () => {
    server = await startTracedServer()
  })
  afterAll(() => server.close())

  it('is reported once, by its name', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const sessionMiddleware: RequestHandler = (req, res, next) => lost(req, res, next)
    server.listener = express().use(tracing()).use(sessionMiddleware).get('/orders/:id', tell)
    for (let sent = 0; sent < 3; sent++) await server.send('GET', '/orders/7')
    const messages = emitWarning.mock.calls.map(([message]) => message)
    emitWarning.mockRestore()
    expect(messages).toEqual([
      expect.stringMatching(
        /^callchain: sessionMiddleware ran its callback .* tenant\.set\(value, request\)/,
      ),
    ])
  })
})
