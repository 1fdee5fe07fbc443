import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setRoute, tenant } from '@callchain/core'
import { createRecorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type Context, tracing } from './hono.ts'
import { noteError, traceListener } from './trace-listener.ts'

const recorder = createRecorder()
let server: Server

async function ask(listener: RequestListener): Promise<number> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/items/7`)
  await answer.text()
  return answer.status
}

beforeAll(() => recorder.reset())
afterEach(async () => {
  recorder.reset()
  server.closeAllConnections()
  await once(server.close(), 'close')
})
afterAll(() => recorder.shutdown())

describe('The listener of docs/frameworks.md', () => {
  it('makes a span with the route and the tenant that the listener says', async () => {
    await ask(
      traceListener((_req, res) => {
        setRoute('/items/:id')
        tenant.set('acme')
        res.end()
      }),
    )

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({ name: 'GET /items/:id', attributes: { 'tenant.id': 'acme' } })
  })

  it.each([
    {
      how: 'throws',
      listener: () => {
        throw new RangeError('out')
      },
    },
    { how: 'rejects', listener: async () => Promise.reject(new RangeError('out')) },
  ])('records what a listener $how, and lets it go on', async ({ listener }) => {
    let seen: unknown
    const traced = traceListener(listener)
    const status = await ask(async (req, res) => {
      try {
        await traced(req, res)
      } catch (error) {
        seen = error
        res.writeHead(500).end()
      }
    })

    const [span] = await recorder.waitFor(1)
    expect(status).toBe(500)
    expect(seen).toBeInstanceOf(RangeError)
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' } })
  })

  it('records what is noted where a framework has answered', async () => {
    await ask(
      traceListener((req, res) => {
        noteError(req, new RangeError('out'))
        res.writeHead(500).end()
      }),
    )

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' } })
  })
})

// A stand-in for Hono's context, of which the middleware uses three properties; Hono is not installed here.
describe('The middleware for Hono of docs/frameworks.md', () => {
  const serve = (routes: { method: string; path: string }[], failed?: Error): RequestListener => {
    const middleware = tracing(() => routes)
    return (incoming, outgoing) => {
      const context: Context = {
        env: { incoming, outgoing },
        req: { routeIndex: routes.length - 1 },
        error: failed,
      }
      return middleware(context, async () => {
        outgoing.writeHead(failed === undefined ? 200 : 500).end()
      })
    }
  }

  it('names the span by the last matched route', async () => {
    const routes = [
      { method: 'ALL', path: '/*' },
      { method: 'GET', path: '/items/:id' },
    ]
    await ask(serve(routes))

    const [span] = await recorder.waitFor(1)
    expect(span?.name).toBe('GET /items/:id')
  })

  it('takes no middleware for a route', async () => {
    await ask(serve([{ method: 'ALL', path: '/*' }]))

    const [span] = await recorder.waitFor(1)
    expect(span?.name).toBe('GET')
  })

  it('records the error that Hono has answered', async () => {
    await ask(serve([{ method: 'GET', path: '/items/:id' }], new RangeError('out')))

    const [span] = await recorder.waitFor(1)
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' } })
  })

  it('leaves a request alone that is not of Node', async () => {
    let called = false
    const context = { env: {}, req: { routeIndex: 0 }, error: undefined }
    await ask(async (_req, res) => {
      await tracing(() => [])(context, async () => {
        called = true
      })
      res.end()
    })

    expect(called).toBe(true)
    expect(recorder.spans()).toEqual([])
  })
})
