import assert from 'node:assert/strict'
import { createServerTracer, runIn, type TrustOption, tenant } from '@callchain/core'
import { context, propagation } from '@opentelemetry/api'
import type { ClientPromise } from './client-promise.ts'

const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

/** Serves a request that came with these headers, up to the end of the callback. */
async function serving(
  trust: TrustOption,
  headers: Readonly<Record<string, string>>,
  callback: () => Promise<unknown>,
): Promise<void> {
  const call = createServerTracer({ trust }).receive({
    method: 'GET',
    target: '/',
    scheme: 'http',
    protocolVersion: '1.1',
    peerAddress: '127.0.0.1',
    peerPort: 50_000,
    route: undefined,
    raw: {},
    header: (name) => headers[name],
  })
  await runIn(call, callback)
  const header = (): undefined => undefined
  call?.send({ statusCode: 200, complete: true, route: undefined, error: undefined, header })
}

// The same members as an application may hand them on.
const SAME = [
  'a=1,b=x%20y;p=1;q,c=',
  ' c= ,b = x%20y ; p = 1 ; q, a=1',
  'a=%31,b=x%20%79',
  'a=1,a=1,b=x%20y;p=1;q',
]

/** Promises about headers of the incoming request that the application passes on, as proxies do. */
export const passedOn: readonly ClientPromise[] = [
  {
    name: 'sends no member twice when the application passes on the headers that came in',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const came = { traceparent: TRACEPARENT, tracestate: 'v=1', baggage: SAME[0] as string }
      await serving('internal', came, async () => {
        for (const baggage of SAME) {
          const headers = { Baggage: baggage, traceparent: TRACEPARENT, tracestate: 'v=1' }
          await (await send({ url: origin, headers })).text()
        }
      })
      const spans = await clientSpans(SAME.length)
      for (const [index, { header }] of arrived.entries()) {
        assert.deepEqual(header('baggage'), [SAME[0]], SAME[index])
        assert.deepEqual(header('tracestate'), ['v=1'])
        assert.equal(header('traceparent').length, 1)
        assert.equal(header('traceparent')[0]?.split('-')[2], spans[index]?.spanContext().spanId)
      }
    },
  },
  {
    name: "keeps the application's additions to the headers that came in, however many those are",
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const many = Array.from({ length: 100 }, (_, index) => `m${index}=1`).join()
      await serving('internal', { baggage: many }, async () => {
        tenant.set('acme')
        const baggage = propagation.getActiveBaggage()?.setEntry('set', { value: '1' })
        assert.ok(baggage)
        await context.with(propagation.setBaggage(context.active(), baggage), async () => {
          const headers = { baggage: `${many.replace('m7=1', 'm7=changed')}, added=1` }
          await (await send({ url: origin, headers })).text()
        })
      })
      await clientSpan()
      const rest = many.replace('m7=1,', '')
      const sent = arrived[0]?.header('baggage')
      assert.deepEqual(sent, [`tenant.id=acme,m7=changed,added=1,${rest},set=1`])
    },
  },
  {
    name: "passes nothing of a stranger's on inside, even if the application forwards its headers",
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const baggage = `${SAME[0]},tenant.id=evil`
      const came = { traceparent: TRACEPARENT, tracestate: 'v=1', baggage }
      const forms = [baggage, ...SAME, `${baggage},own=1`]
      await serving('edge', came, async () => {
        for (const each of forms) {
          const headers = { ...came, baggage: each }
          await (await send({ url: origin, headers })).text()
        }
      })
      await clientSpans(forms.length)
      for (const [index, { header }] of arrived.entries()) {
        const own = index === forms.length - 1 ? ['own=1'] : []
        assert.deepEqual(header('baggage'), own, forms[index])
        assert.deepEqual(header('tracestate'), [])
        assert.notEqual(header('traceparent')[0]?.split('-')[1], TRACEPARENT.split('-')[1])
      }
    },
  },
]
