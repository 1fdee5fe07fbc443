import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, createContextKey, trace } from '@opentelemetry/api'
import {
  type InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import {
  createClientTracer,
  createServerTracer,
  currentTrace,
  runIn,
  runWithIdentity,
  type TracingOptions,
  tenant,
  traceNodeRequest,
} from '../src/index.ts'
import { answered, incoming, outgoing, record } from './recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
const servers: Server[] = []

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  await stop()
})

/** Resolves to the answer, once the response is closed and its span has ended. */
async function get(listener: RequestListener, options?: TracingOptions): Promise<string> {
  const tracer = createServerTracer(options)
  let closed: Promise<unknown> | undefined
  const server = createServer((req, res) => {
    runIn(traceNodeRequest(tracer, req, res, { route: () => '/x' }), () => listener(req, res))
    closed = once(res, 'close')
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  await closed
  return answer
}

const reject = (): Promise<never> => Promise.reject(new Error('rejected'))

describe('tracing never harms the application', () => {
  it('when hooks return promises that reject', async () => {
    const rejections: unknown[] = []
    const note = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', note)
    const hooks = {
      onEnd: reject,
      ignore: reject,
      attributes: reject,
      recordDuration: reject,
    } as unknown as TracingOptions
    expect(await get((_req, res) => res.end('ok'), hooks)).toBe('ok')
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
  })

  it('when attributes of a hook cannot be read', async () => {
    const attributes = () => ({
      get x(): string {
        throw new Error('no')
      },
    })
    expect(await get((_req, res) => res.end('ok'), { attributes })).toBe('ok')
    expect(exporter.getFinishedSpans()).toHaveLength(1)
  })

  it('when a span processor throws at the start or at the end', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    for (const hook of ['onStart', 'onEnd']) {
      const processor = new SimpleSpanProcessor({ exporter })
      const tracerProvider = new TracerProvider({
        spanProcessors: [Object.assign(processor, { [hook]: broken })],
      })
      expect(await get((_req, res) => res.end('ok'), { tracerProvider })).toBe('ok')
      const request = outgoing('http://orders/')
      createClientTracer({ tracerProvider }).send(request).receive({ statusCode: 200 })
    }
  })

  it('when what should be a response is none', () => {
    const nothing = {} as never
    expect(
      traceNodeRequest(createServerTracer(), nothing, nothing, { route: () => undefined }),
    ).toBeUndefined()
  })
})

describe('requests within requests', () => {
  it('have spans of their own, also inside runWithIdentity', () => {
    const tracer = createServerTracer()
    const outer = tracer.receive(incoming())
    runIn(outer, () =>
      runWithIdentity({ 'tenant.id': 'job' }, () => {
        const inner = tracer.receive(incoming())
        expect(inner?.span).not.toBe(outer?.span)
        inner?.send(answered(503, '/inner'))
      }),
    )
    outer?.send(answered(200, '/outer'))
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
      'GET /inner',
      'GET /outer',
    ])
  })

  it('do not hold on to each other', () => {
    const tracer = createServerTracer()
    function nest(depth: number): void {
      const call = tracer.receive(incoming())
      if (depth > 0) runIn(call, () => nest(depth - 1))
      else
        expect(
          runIn(call, () => context.active().getValue(createContextKey('none'))),
        ).toBeUndefined()
      call?.send(answered(200))
    }
    nest(500)
    expect(exporter.getFinishedSpans()).toHaveLength(501)
  })
})

describe('identity', () => {
  it('does not leave the outer tenant in place of a refused one', () => {
    runIn(createServerTracer().receive(incoming({ baggage: 'tenant.id=a' })), () =>
      runWithIdentity({ 'tenant.id': 'b'.repeat(300) }, () => expect(tenant.get()).toBeUndefined()),
    )
  })

  it.each([null, {}, Object.create(null), true])('does not take %p for a name', (value) => {
    runIn(createServerTracer().receive(incoming()), () => {
      expect(tenant.set(value as never)).toBe(false)
      expect(tenant.get()).toBeUndefined()
    })
  })
})

describe('a binding through the API', () => {
  it('is kept to the letter, within a request too', async () => {
    let seen: string | undefined
    let expected: string | undefined
    await get((req, res) => {
      const child = trace.getTracer('test').startSpan('child')
      expected = child.spanContext().spanId
      context.bind(trace.setSpan(context.active(), child), req)
      req.on('end', () => {
        seen = currentTrace()?.spanId
        child.end()
        res.end()
      })
      req.resume()
    })
    expect(seen).toBe(expected)
  })
})

describe('the trace that is sent back', () => {
  it('is not sent where there is no trace', async () => {
    await stop()
    const call = createServerTracer({ traceResponse: true }).receive(incoming())
    expect(call?.traceResponse).toBeUndefined()
  })
})
