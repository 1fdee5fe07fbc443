import { AsyncResource } from 'node:async_hooks'
import { currentTrace } from '@callchain/core'
import { tracing } from '@callchain/fastify'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fastify4 from 'fastify4'

/** What was made before any request: calls back in the context of none. */
const elsewhere = new AsyncResource('elsewhere')

function comeBack(next: () => void): void {
  setImmediate(() => elsewhere.runInAsyncScope(next))
}

const lost = (_request: FastifyRequest, _reply: FastifyReply, done: () => void): void =>
  comeBack(() => done())

const here = (): string => currentTrace()?.spanId ?? 'none'

const tell = async (): Promise<string> => here()

const lines = [
  { name: 'Fastify 5', create: () => fastify() },
  { name: 'Fastify 4', create: () => fastify4() as unknown as FastifyInstance },
]

describe.each(lines)('$name runs what follows a callback from elsewhere', ({ create }) => {
  let recorder: Recorder
  let app: FastifyInstance

  beforeEach(async () => {
    recorder = createRecorder()
    app = create()
    await app.register(tracing)
  })
  afterEach(async () => {
    await app.close()
    await recorder.shutdown()
  })

  async function expectOwn(url = '/orders/7'): Promise<void> {
    recorder.reset()
    const { body } = await app.inject({ url, method: 'POST', payload: { left: 3 } })
    const [span] = await recorder.waitFor(1)
    expect(body).toBe(span?.spanContext().spanId)
  }

  it.each(['onRequest', 'preValidation', 'preHandler'] as const)(
    'in its own context: the handler after a %s hook',
    async (phase) => {
      app.addHook(phase, lost)
      app.post('/orders/:id', tell)
      await expectOwn()
    },
  )

  it('in its own context: every hook after every other', async () => {
    const seen = new Set<string>()
    const see = (...args: unknown[]): void => {
      seen.add(here())
      const done = args.at(-1) as () => void
      comeBack(() => done())
    }
    const seeError = (_request: unknown, _reply: unknown, _error: unknown, done: () => void) =>
      see(done)
    const hooks = app.addHook.bind(app) as (name: string, hook: unknown) => void
    for (const phase of ['onRequest', 'preValidation', 'preHandler']) {
      hooks(phase, (_request: unknown, _reply: unknown, done: () => void) => see(done))
      hooks(phase, (_request: unknown, _reply: unknown, done: () => void) => see(done))
    }
    for (const phase of ['preParsing', 'onSend']) {
      hooks(phase, (_request: unknown, _reply: unknown, _payload: unknown, done: () => void) =>
        see(done),
      )
    }
    hooks('onError', seeError)
    app.post('/orders/:id', (_request, reply) => {
      seen.add(here())
      comeBack(() => void reply.send(new Error('broken')))
    })
    await app.inject({ url: '/orders/7', method: 'POST', payload: {} })
    const [span] = await recorder.waitFor(1)
    expect([...seen]).toEqual([span?.spanContext().spanId])
  })

  it('in its own context: hooks, handler and error handler of a route', async () => {
    const seen = new Set<string>()
    app.route({
      method: 'POST',
      url: '/orders/:id',
      preValidation: [lost, (_request, _reply, done) => done()],
      preHandler: (_request, _reply, done) => {
        seen.add(here())
        comeBack(() => done())
      },
      handler: (_request, reply) => {
        seen.add(here())
        comeBack(() => void reply.send(new Error('broken')))
      },
      errorHandler: (_error, _request, reply) => void reply.code(500).send(here()),
    })
    await expectOwn()
    const [span] = await recorder.waitFor(1)
    expect([...seen]).toEqual([span?.spanContext().spanId])
  })

  it('in its own context: the error handler of the application', async () => {
    app.setErrorHandler((_error, _request, reply) => void reply.send(here()))
    app.addHook('preHandler', (_request, _reply, done) => comeBack(() => done(new Error('broken'))))
    app.post('/orders/:id', tell)
    await expectOwn()
  })

  it('in its own context: the handler of what is not found, with its hooks', async () => {
    app.setNotFoundHandler({ preHandler: lost }, (_request, reply) => void reply.send(here()))
    await expectOwn()
  })

  it('in its own context: what callNotFound leads to', async () => {
    app.setNotFoundHandler({ preHandler: [lost] }, (_request, reply) => void reply.send(here()))
    app.post('/orders/:id', (_request, reply) => comeBack(() => void reply.callNotFound()))
    await expectOwn()
  })

  it('in its own context: a parser of bodies, and what follows it', async () => {
    const seen: string[] = []
    app.addHook('onRequest', lost)
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, _body, done) => {
      seen.push(here())
      comeBack(() => done(null, {}))
    })
    app.post('/orders/:id', tell)
    await expectOwn()
    const [span] = await recorder.waitFor(1)
    expect(seen).toEqual([span?.spanContext().spanId])
  })

  it('in its own context: plugins, and the hooks that their onRoute adds', async () => {
    await app.register(async (inner) => {
      inner.addHook('onRoute', (route) => {
        route.preHandler = [lost]
        route.preSerialization = undefined as never
      })
      inner.addHook('onRequest', lost)
      await inner.register(async (innermost) => {
        innermost.post('/orders/:id', tell)
      })
    })
    await expectOwn()
  })

  it('in its own context: what was added before the plugin was loaded', async () => {
    await app.close()
    app = create()
    app.setErrorHandler((_error, _request, reply) => void reply.send(here()))
    app.addHook('onRequest', (_request, _reply, done) => done())
    app.register(tracing)
    app.addHook('preValidation', lost)
    app.post('/orders/:id', { preHandler: lost }, tell)
    app.post('/broken', (_request, reply) => comeBack(() => void reply.send(new Error('broken'))))
    app.register(async (inner) => void inner.post('/inner/:id', { preHandler: [lost] }, tell))
    for (const url of ['/orders/7', '/broken', '/inner/7']) await expectOwn(url)
  })

  it('in its own context: after a second plugin', async () => {
    await app.register(tracing)
    app.addHook('preHandler', lost)
    app.post('/orders/:id', tell)
    await expectOwn()
  })

  it('and lets Fastify refuse what it refuses', async () => {
    const asyncWithDone = async (_request: unknown, _reply: unknown, _done: unknown) => {}
    expect(() => app.addHook('preHandler', asyncWithDone as never)).toThrow(/[Aa]sync/)
    expect(() => app.setErrorHandler(7 as never)).toThrow()
    expect(() =>
      app.route({ method: 'GET', url: '/a', handler: tell, preHandler: [asyncWithDone] as never }),
    ).toThrow(/[Aa]sync/)
  })

  it('and reports once, by its name, what called back', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const name = `loadSession of ${expect.getState().currentTestName}`
    const loadSession = (_request: unknown, _reply: unknown, done: () => void) =>
      comeBack(() => done())
    app.addHook('preHandler', Object.defineProperty(loadSession, 'name', { value: name }))
    app.post('/orders/:id', tell)
    await app.inject({ url: '/orders/7', method: 'POST', payload: {} })
    await expectOwn()
    const messages = emitWarning.mock.calls.map(([message]) => String(message))
    emitWarning.mockRestore()
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(name)
  })

  it('and calls a function that Fastify or the application has bound by its own name', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const name = `authenticate of ${expect.getState().currentTestName}`.replace('bound', 'named')
    const authenticate = (_request: unknown, _reply: unknown, done: () => void) =>
      comeBack(() => done())
    Object.defineProperty(authenticate, 'name', { value: name })
    app.post('/orders/:id', { onRequest: authenticate.bind(app).bind(app) }, tell)
    await expectOwn()
    const messages = emitWarning.mock.calls.map(([message]) => String(message))
    emitWarning.mockRestore()
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(name)
    expect(messages[0]).not.toContain('bound ')
  })
})
