import dns from 'node:dns'
import { runWithIdentity } from '@callchain/core'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { closedPort } from '../../testing/src/listen.ts'
import { type Origin, startOrigin } from './origin.ts'

/** What a promise asks of a client; the body of the response is read to its end. */
export interface CallOptions {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** One call of a traced client: resolves to the status, rejects where the client does. */
export type MakeCall = (url: string, options?: CallOptions) => Promise<number>

/** What is particular to a client. */
export interface ClientTraits {
  /** Redirects that it does not follow by itself are no promise of it. Default: true. */
  readonly follows?: boolean
  /** What reading a connection that breaks in the middle of a body is called. */
  readonly reset: readonly string[]
  /** What running out of time is called. Default: TimeoutError. */
  readonly timeout?: string
}

type AnyFunction = (...args: unknown[]) => unknown

export let recorder: Recorder
export let origin: Origin

// A name that is not internal, and leads here.
const FOREIGN = 'shop.example.com'

/** Asks nobody outside, who may be slow to answer: there is one name, and this machine. */
function lookUp(lookup: AnyFunction, host: string, ...rest: unknown[]): unknown {
  if (!host.endsWith('.invalid')) return lookup(host === FOREIGN ? '127.0.0.1' : host, ...rest)
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
  return process.nextTick(rest.at(-1) as AnyFunction, error)
}

beforeAll(async () => {
  const lookup = dns.lookup as AnyFunction
  jest
    .spyOn(dns, 'lookup')
    .mockImplementation(((host: string, ...rest: unknown[]) =>
      lookUp(lookup, host, ...rest)) as never)
  recorder = createRecorder()
  origin = await startOrigin()
})
afterEach(async () => {
  await recorder.settled()
  recorder.reset()
  origin.received.length = 0
})
afterAll(async () => {
  jest.restoreAllMocks()
  await origin.close()
  await recorder.shutdown()
})

/** Declares what every client promises, for one client. */
export function clientPromises(
  name: string,
  call: MakeCall,
  { follows = true, reset, timeout = 'TimeoutError' }: ClientTraits,
): void {
  const foreign = (path: string): string => `http://${FOREIGN}:${origin.port}${path}`
  const nothing = (): void => {}

  describe(`${name}: spans`, () => {
    it('gives a call one CLIENT span with every attribute', async () => {
      await call(`${origin.url}/ok?sig=secret&page=2`)

      const [span] = await recorder.waitFor(1)
      expect(span).toMatchObject({ name: 'GET', kind: SpanKind.CLIENT })
      expect(span?.status.code).toBe(SpanStatusCode.UNSET)
      expect(span?.attributes).toMatchObject({
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': origin.port,
        'url.full': `${origin.url}/ok?sig=REDACTED&page=2`,
      })
      expect(span?.attributes).not.toHaveProperty('http.request.resend_count')
      expect(recorder.open()).toEqual([])
    })

    it('writes the span on the wire, as a trace of its own', async () => {
      await call(`${origin.url}/ok`)

      const [span] = await recorder.waitFor(1)
      const { traceId = '', spanId = '' } = span?.spanContext() ?? {}
      expect(span?.parentSpanContext).toBeUndefined()
      expect(origin.received[0]?.lines.traceparent).toEqual([`00-${traceId}-${spanId}-03`])
    })

    it('calls an error status an error', async () => {
      await call(`${origin.url}/status?code=404`).catch(nothing)

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
      expect(span?.attributes).toMatchObject({
        'http.response.status_code': 404,
        'error.type': '404',
      })
      expect(span?.events).toEqual([])
    })

    it('names a refused connection', async () => {
      await expect(call(`http://127.0.0.1:${await closedPort()}/`)).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toBe('ECONNREFUSED')
      expect(span?.events.map((event) => event.name)).toEqual(['exception'])
    })

    it('names a host that does not exist', async () => {
      await expect(call('http://nobody.invalid/')).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toBe('ENOTFOUND')
    })

    it('names what goes wrong with TLS', async () => {
      await expect(call(`https://127.0.0.1:${origin.port}/`)).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(String(span?.attributes['error.type'])).toMatch(/^(?:EPROTO|ERR_SSL_.*)$/)
    })

    it('calls a connection that breaks in the middle of a body an error', async () => {
      await expect(call(`${origin.url}/broken`)).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
      expect(reset).toContain(span?.attributes['error.type'])
      expect(span?.attributes['http.response.status_code']).toBe(200)
    })

    it('calls a server that hangs up an error', async () => {
      await expect(call(`${origin.url}/hang-up`)).rejects.toThrow()

      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    })

    it.each([
      ['without a reason', undefined],
      ['for a reason of its own', new Error('enough')],
      ['for a reason that is no error', 'enough'],
    ])('does not call it an error when the application calls off %s', async (_, reason) => {
      const controller = new AbortController()
      const before = origin.hanging
      const calling = call(`${origin.url}/hang`, { signal: controller.signal }).then(
        () => 'answered',
        () => 'rejected',
      )
      while (origin.hanging === before) await new Promise(setImmediate)
      controller.abort(reason)

      expect(await calling).toBe('rejected')
      const [span] = await recorder.waitFor(1)
      expect(span?.status.code).toBe(SpanStatusCode.UNSET)
      expect(span?.attributes).not.toHaveProperty('error.type')
      expect(recorder.open()).toEqual([])
    })

    it('calls running out of time an error', async () => {
      await expect(
        call(`${origin.url}/hang`, { signal: AbortSignal.timeout(50) }),
      ).rejects.toBeDefined()

      const [span] = await recorder.waitFor(1)
      expect(span?.attributes['error.type']).toBe(timeout)
    })

    it('leaves nothing open when it is called off before it begins', async () => {
      await expect(call(`${origin.url}/ok`, { signal: AbortSignal.abort() })).rejects.toBeDefined()

      expect(recorder.open()).toEqual([])
      expect(origin.received).toEqual([])
    })
  })

  describe(`${name}: what goes where`, () => {
    it('sends identity to an internal host and not to another', async () => {
      await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
        await call(`${origin.url}/ok`)
        await call(foreign('/ok'))
      })

      const [internal, external] = origin.received
      expect(internal?.lines.baggage).toEqual(['tenant.id=acme'])
      expect(external?.lines).not.toHaveProperty('baggage')
      expect(external?.lines.traceparent).toHaveLength(1)
    })

    it('strips the baggage that the application has set itself for another host', async () => {
      const headers = { baggage: 'color=red' }
      await call(`${origin.url}/ok`, { headers })
      await call(foreign('/ok'), { headers })

      expect(origin.received[0]?.lines.baggage).toEqual(['color=red'])
      expect(origin.received[1]?.lines).not.toHaveProperty('baggage')
      expect(headers).toEqual({ baggage: 'color=red' })
    })

    it('sends one header of each, whatever the application has set', async () => {
      const headers = {
        TraceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'own=1',
        Baggage: 'color=red,tenant.id=forged',
      }
      const before = { ...headers }
      await runWithIdentity({ 'tenant.id': 'acme' }, () => call(`${origin.url}/ok`, { headers }))

      const [span] = await recorder.waitFor(1)
      const lines = origin.received[0]?.lines ?? {}
      expect(lines.traceparent).toEqual([expect.stringContaining(span?.spanContext().spanId ?? '')])
      expect(lines).not.toHaveProperty('tracestate')
      expect(lines.baggage).toEqual(['tenant.id=acme,color=red'])
      expect(headers).toEqual(before)
    })

    it('sends baggage that was set through OpenTelemetry to internal hosts alone', async () => {
      const baggage = propagation.createBaggage({ color: { value: 'red' } })
      await context.with(propagation.setBaggage(context.active(), baggage), async () => {
        await call(`${origin.url}/ok`)
        await call(foreign('/ok'))
      })

      expect(origin.received.map(({ lines }) => lines.baggage)).toEqual([['color=red'], undefined])
    })
  })

  if (!follows) return
  describe(`${name}: redirects`, () => {
    it('gives each its span, all children of one parent', async () => {
      await call(`${origin.url}/redirect?to=/redirect`)

      const spans = await recorder.waitFor(3)
      expect(
        spans.map(({ attributes }) => [
          attributes['http.response.status_code'],
          attributes['http.request.resend_count'],
        ]),
      ).toEqual([
        [302, undefined],
        [302, 1],
        [200, 2],
      ])
      expect(
        spans.map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-03`),
      ).toEqual(origin.received.map(({ headers }) => headers.traceparent))
      expect(recorder.open()).toEqual([])
    })

    it('decides again what may be sent, for the host of each', async () => {
      const headers = { baggage: 'color=red' }
      await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
        await call(`${origin.url}/redirect?to=${encodeURIComponent(foreign('/ok'))}`, { headers })
        await call(foreign(`/redirect?to=${encodeURIComponent(`${origin.url}/ok`)}`), { headers })
      })

      expect(origin.received.map(({ headers: { host }, lines }) => [host, lines.baggage])).toEqual([
        [`127.0.0.1:${origin.port}`, ['tenant.id=acme,color=red']],
        [`shop.example.com:${origin.port}`, undefined],
        [`shop.example.com:${origin.port}`, undefined],
        [`127.0.0.1:${origin.port}`, ['tenant.id=acme,color=red']],
      ])
      for (const { lines } of origin.received) expect(lines.traceparent).toHaveLength(1)
    })
  })
}
