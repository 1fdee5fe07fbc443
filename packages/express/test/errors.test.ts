import { tracing, tracingErrors } from '@callchain/express'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import express from 'express'
import express4 from 'express4'
import { type EndedSpan, startTracedServer, type TracedServer } from './traced-server.ts'

class OrderFailed extends Error {
  override name = 'OrderFailed'
}

const answerWith =
  (status: number): express.ErrorRequestHandler =>
  (_error, _req, res, _next) =>
    void res.status(status).send('handled')

interface Line {
  name: string
  create: typeof express
  /** Whether the error is known without `tracingErrors()`. */
  knows: boolean
}

const lines: Line[] = [
  { name: 'Express 5', create: express, knows: true },
  { name: 'Express 4', create: express4 as unknown as typeof express, knows: false },
]

describe.each(lines)('the span of a request that fails in $name', ({ create, knows }) => {
  let server: TracedServer

  beforeAll(async () => {
    server = await startTracedServer()
  })
  afterAll(() => server.close())

  async function send(
    handler: express.RequestHandler,
    ...after: express.ErrorRequestHandler[]
  ): Promise<EndedSpan> {
    const app = create().set('env', 'test')
    app.use(tracing())
    app.get('/orders/:id', handler)
    for (const errorHandler of after) app.use(errorHandler)
    server.listener = app
    return server.send('GET', '/orders/7')
  }

  function expectFailure(span: EndedSpan, type: string): void {
    expect(span.name).toBe('GET /orders/:id')
    expect(span.attributes['error.type']).toBe(type)
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    const exceptions = span.events.filter(({ name }) => name === 'exception')
    expect(exceptions).toHaveLength(type === '500' ? 0 : 1)
  }

  const throws: express.RequestHandler = () => {
    throw new OrderFailed('no stock')
  }
  const passes: express.RequestHandler = (_req, _res, next) => next(new OrderFailed('no stock'))

  it('has the error that a host tells tracingErrors() of, and answers itself', async () => {
    const note = tracingErrors()
    const host: express.RequestHandler = (req, res) => {
      const error = new OrderFailed('no stock')
      note(error, req, res, () => {})
      res.status(500).send('handled by the host')
    }
    expectFailure(await send(host), 'OrderFailed')
    expect(server.answer).toEqual({ status: 500, body: 'handled by the host' })
  })

  it('has none where a host answers an error with a status that is not a failure', async () => {
    const note = tracingErrors()
    const span = await send((req, res) => {
      note(new OrderFailed('none'), req, res, () => {})
      res.status(404).send('handled by the host')
    })
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
    expect(span.events).toEqual([])
  })

  it('names what was thrown', async () => {
    expectFailure(await send(throws), knows ? 'OrderFailed' : '500')
    expectFailure(await send(throws, tracingErrors()), 'OrderFailed')
  })

  it('names what went to next()', async () => {
    expectFailure(await send(passes), knows ? 'OrderFailed' : '500')
    expectFailure(await send(passes, tracingErrors()), 'OrderFailed')
  })

  it('names the error whatever its handler answers, if that is 5xx', async () => {
    const span = await send(throws, tracingErrors(), answerWith(503))
    expectFailure(span, 'OrderFailed')
    expect(span.attributes['http.response.status_code']).toBe(503)
  })

  it.each([200, 404])('is no failure when the error handler answers %d', async (status) => {
    const span = await send(throws, tracingErrors(), answerWith(status))
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
    expect(span.events).toEqual([])
    expect(span.attributes).toMatchObject({
      'http.route': '/orders/:id',
      'http.response.status_code': status,
    })
    expect(span.attributes).not.toHaveProperty('error.type')
  })

  it("keeps the route of an error that Express's own handler answers with 404", async () => {
    const missing = Object.assign(new Error('none'), { status: 404 })
    const span = await send((_req, _res, next) => next(missing), tracingErrors())
    expect(span.attributes).toMatchObject({
      'http.route': '/orders/:id',
      'http.response.status_code': 404,
    })
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('leaves the answer to the other error handlers', async () => {
    await send(throws, tracingErrors(), answerWith(418))
    expect(server.answer).toEqual({ status: 418, body: 'handled' })
  })

  it("takes next('route') and next('router') for no error", async () => {
    for (const signal of ['route', 'router'] as const) {
      const span = await send((_req, _res, next) => next(signal), tracingErrors())
      expect(span.name).toBe('GET')
      expect(span.attributes).not.toHaveProperty('error.type')
    }
  })
})

describe('the span of a request to Express 5', () => {
  let server: TracedServer

  beforeAll(async () => {
    server = await startTracedServer()
  })
  afterAll(() => server.close())

  it.each(['OrderFailed', 'string'])('names what a promise is rejected with: %s', async (kind) => {
    const app = express().set('env', 'test')
    app.use(tracing())
    app.get('/orders/:id', async () => {
      throw kind === 'string' ? 'no stock' : new OrderFailed('no stock')
    })
    server.listener = app
    const span = await server.send('GET', '/orders/7')
    expect(span.status.code).toBe(SpanStatusCode.ERROR)
    expect(span.attributes).toMatchObject({
      'error.type': kind === 'string' ? '_OTHER' : 'OrderFailed',
      'http.route': '/orders/:id',
      'http.response.status_code': 500,
    })
  })

  it('names the last of several errors', async () => {
    const app = express().set('env', 'test')
    app.use(tracing())
    app.get('/orders/:id', () => {
      throw new Error('first')
    })
    app.use(((_error, _req, _res, next) =>
      next(new OrderFailed('second'))) as express.ErrorRequestHandler)
    server.listener = app
    const span = await server.send('GET', '/orders/7')
    expect(span.attributes['error.type']).toBe('OrderFailed')
  })
})
