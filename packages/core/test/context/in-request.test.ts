import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { context, metrics, ROOT_CONTEXT } from '@opentelemetry/api'
import {
  createServerTracer,
  currentTrace,
  inRequest,
  reentering,
  runWithIdentity,
  tenant,
  traceNodeRequest,
} from '../../src/index.ts'
import { record } from '../recorder.ts'

let recording: ReturnType<typeof record>
let server: Server

beforeEach(() => {
  recording = record()
})
afterEach(async () => {
  jest.restoreAllMocks()
  server.close()
  server.closeAllConnections()
  metrics.disable()
  await recording.stop()
})

/** Serves one request, traced; what happens to it happens in no context. */
async function serve(
  handle: (req: IncomingMessage, res: ServerResponse, spanId: string) => void,
): Promise<void> {
  const tracer = createServerTracer()
  const handled = new Promise<void>((resolve, reject) => {
    server = createServer((req, res) => {
      const call = traceNodeRequest(tracer, req, res, { route: () => undefined })
      try {
        context.with(
          ROOT_CONTEXT,
          handle,
          undefined,
          req,
          res,
          call?.span.spanContext().spanId ?? '',
        )
        resolve()
      } catch (error) {
        reject(error)
      }
      res.end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await Promise.all([handled, fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())])
}

const here = (): string | undefined => currentTrace()?.spanId

describe('inRequest', () => {
  it("takes Node's request and response, and whatever frameworks wrap them in", async () => {
    await serve((req, res, spanId) => {
      for (const named of [
        req,
        res,
        { req },
        { request: { req }, req },
        { raw: req },
        { raw: res },
        { res },
        Object.create(Object.assign(Object.create(req), { res })),
        { raw: {}, request: { raw: req } },
      ]) {
        expect(inRequest(named, here)).toBe(spanId)
      }
    })
  })

  it('gives back what the callback returns, and throws what it throws', async () => {
    await serve((req) => {
      expect(inRequest(req, () => 7)).toBe(7)
      expect(() =>
        inRequest(req, () => {
          throw new RangeError('broken')
        }),
      ).toThrow(RangeError)
    })
  })

  it('leaves the context as it is for what is not traced, and never throws', async () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('a trap')
        },
      },
    )
    await serve(() => {
      for (const unknown of [undefined, null, 7, 'a', {}, hostile]) {
        expect([undefined, here()]).toContain(inRequest(unknown, here))
      }
    })
  })

  it('keeps what runWithIdentity has set in the same request', async () => {
    await serve((req) => {
      inRequest(req, () =>
        runWithIdentity({ 'tenant.id': 'acme' }, () => {
          expect(inRequest(req, () => tenant.get())).toBe('acme')
        }),
      )
    })
  })

  it('keeps that in listeners of the request as well', async () => {
    const seen: unknown[] = []
    await serve((req) => {
      req.on('own', () => seen.push(tenant.get(), here()))
      inRequest(req, () => runWithIdentity({ 'tenant.id': 'acme' }, () => req.emit('own')))
      req.emit('own')
    })
    expect(seen).toEqual(['acme', seen[1], undefined, seen[1]])
  })
})

describe('set with a request', () => {
  it('sets the value of that request, whatever is current', async () => {
    await serve((req) => {
      expect(tenant.set('acme', req)).toBe(true)
      expect(tenant.get()).toBeUndefined()
      expect(inRequest(req, () => tenant.get())).toBe('acme')
      expect(tenant.set('a\nb', req)).toBe(false)
    })
    const [span] = recording.exporter.getFinishedSpans()
    expect(span?.attributes['tenant.id']).toBe('acme')
  })

  it('tells of code that contradicts itself, but not of runWithIdentity', async () => {
    await serve((req) => {
      tenant.set('acme', req)
      inRequest(req, () => runWithIdentity({ 'tenant.id': 'other' }, () => tenant.set('third')))
      tenant.set('acme', req)
      tenant.set('beta', req)
    })
    const [span] = recording.exporter.getFinishedSpans()
    expect(span?.events).toMatchObject([
      {
        name: 'callchain.identity.conflict',
        attributes: {
          'callchain.identity.kept': 'beta',
          'callchain.identity.kept_source': 'code',
          'callchain.identity.dropped': 'acme',
        },
      },
    ])
  })
})

describe('reentering', () => {
  const requestOf = ([req]: readonly unknown[]): unknown => req

  it('looks like the step', () => {
    async function step(_one: unknown, _two: unknown): Promise<void> {}
    const reentered = reentering(Object.assign(step, { router: 7 }), 'step', requestOf)
    expect([reentered.name, reentered.length, reentered.router]).toEqual(['step', 2, 7])
    expect(reentered.constructor.name).toBe('AsyncFunction')
    expect(reentering(reentered, 'again', requestOf)).toBe(reentered)
  })

  it('passes this, arguments and result on, for what is not traced too', () => {
    const step = function (this: unknown, ...args: unknown[]): unknown {
      return [this, ...args]
    }
    const here = {}
    expect(reentering(step, 'step', requestOf).call(here, 1, 2)).toEqual([here, 1, 2])
  })

  it('counts each return from elsewhere, and tells of it once by the name of the step', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue()
    const added = countersAdded()
    const first = reentering((_req: unknown) => undefined, 'loadSession', requestOf)
    const second = reentering((_req: unknown) => here(), 'handler', requestOf)
    for (let sent = 0; sent < 2; sent++) {
      await serve((req, _res, spanId) => {
        inRequest(req, () => first(req))
        expect(second(req)).toBe(spanId)
        inRequest(req, () => second(req))
      })
      server.close()
    }
    expect(added.filter(([name]) => name === 'callchain.context.foreign')).toEqual([
      ['callchain.context.foreign', 1, { middleware: 'loadSession' }],
      ['callchain.context.foreign', 1, { middleware: 'loadSession' }],
    ])
    const messages = emitWarning.mock.calls.map(([message]) => String(message))
    expect(messages.filter((message) => message.includes('loadSession'))).toHaveLength(1)
  })
})

function countersAdded(): unknown[][] {
  const added: unknown[][] = []
  const instrument = (name: string): unknown => ({
    add: (by: number, attributes: unknown) => void added.push([name, by, attributes]),
    record: () => {},
  })
  const meter = new Proxy({}, { get: () => instrument })
  metrics.setGlobalMeterProvider({ getMeter: () => meter } as never)
  return added
}
