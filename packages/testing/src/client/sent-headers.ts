import assert from 'node:assert/strict'
import { runWithIdentity } from '@callchain/core'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import type { ClientPromise } from './client-promise.ts'

const TENANT = { 'tenant.id': 'acme' }

/** Promises about the headers that a call goes out with. */
export const sentHeaders: readonly ClientPromise[] = [
  {
    name: 'sends the trace once, with the id of its own span',
    check: async ({ client, clientSpan, inSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      await inSpan(async () => {
        await (await send({ url: origin })).text()
      })
      const { spanId, traceId } = (await clientSpan()).spanContext()
      const sent = arrived[0]?.header('traceparent') ?? []
      assert.equal(sent.length, 1)
      assert.match(sent[0] ?? '', new RegExp(`^00-${traceId}-${spanId}-0[13]$`))
    },
  },
  {
    name: 'replaces the headers that the application has set itself, in whatever case',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const stale = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
      const headers = {
        Traceparent: stale,
        TraceState: 'stale=1',
        Baggage: 'own=1,tenant.id=stale',
      }
      await runWithIdentity(TENANT, async () => {
        await (await send({ url: origin, headers })).text()
      })
      const { traceId } = (await clientSpan()).spanContext()
      const [request] = arrived
      assert.equal(request?.header('traceparent').length, 1)
      assert.equal(request?.header('traceparent')[0]?.split('-')[1], traceId)
      assert.deepEqual(request?.header('tracestate'), [])
      assert.deepEqual(request?.header('baggage'), ['tenant.id=acme,own=1'])
    },
  },
  {
    name: 'sends identity to internal hosts',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { arrived, namedOrigin, origin } = await target()
      await runWithIdentity({ ...TENANT, 'user.id': 'ué' }, async () => {
        await (await send({ url: origin })).text()
        await (await send({ url: namedOrigin })).text()
      })
      await clientSpans(2)
      for (const { header } of arrived) {
        assert.deepEqual(header('baggage'), ['tenant.id=acme,user.id=u%C3%A9'])
      }
      assert.equal(arrived.length, 2)
    },
  },
  {
    name: 'sends hosts outside the trace, and neither identity nor baggage',
    check: async ({ client, clientSpan, target }) => {
      const send = await client()
      const { arrived, foreignOrigin } = await target()
      await runWithIdentity(TENANT, async () => {
        await (await send({ url: foreignOrigin, headers: { baggage: 'own=1' } })).text()
      })
      await clientSpan()
      assert.equal(arrived[0]?.header('traceparent').length, 1)
      assert.deepEqual(arrived[0]?.header('baggage'), [])
    },
  },
  {
    name: 'takes no path for a host, nor the name before an @',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const { arrived, foreignOrigin } = await target()
      const paths = ['//localhost/', '/@localhost/', '/?host=localhost', '//a@localhost:80/']
      await runWithIdentity(TENANT, async () => {
        for (const path of paths) await (await send({ url: `${foreignOrigin}${path}` })).text()
      })
      for (const [index, span] of (await clientSpans(paths.length)).entries()) {
        const path = paths[index] ?? ''
        assert.equal(span.attributes['url.full'], `${foreignOrigin}${path}`)
        assert.deepEqual(arrived[index]?.header('baggage'), [], path)
      }
    },
  },
  {
    name: 'keeps identity and baggage from hosts that may not have them, also what the application has set',
    check: async ({ client, clientSpan, target }) => {
      const send = await client({ send: { identity: ['localhost'] } })
      const { arrived, origin } = await target()
      await runWithIdentity(TENANT, async () => {
        await (await send({ url: origin, headers: { baggage: 'own=1' } })).text()
      })
      await clientSpan()
      assert.deepEqual(arrived[0]?.header('baggage'), [])
      assert.equal(arrived[0]?.header('traceparent').length, 1)
    },
  },
  {
    name: 'keeps the trace from hosts that may not have it',
    check: async ({ client, clientSpan, target }) => {
      const send = await client({ send: { trace: ['localhost'] } })
      const { arrived, origin } = await target()
      await (await send({ url: origin })).text()
      await clientSpan()
      assert.deepEqual(arrived[0]?.header('traceparent'), [])
    },
  },
  {
    name: 'hands on a trace that is not sampled',
    check: async ({ client, recorder, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      const traceId = 'c'.repeat(32)
      const unsampled = { traceId, spanId: 'd'.repeat(16), traceFlags: 0 }
      await context.with(trace.setSpanContext(context.active(), unsampled), async () => {
        await (await send({ url: origin })).text()
      })
      assert.match(
        arrived[0]?.header('traceparent')[0] ?? '',
        new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[02]$`),
      )
      assert.deepEqual(recorder.spans(), [])
    },
  },
  {
    name: 'does not trace an ignored call, and gives it no headers',
    check: async ({ client, recorder, target }) => {
      const send = await client({ ignore: () => true })
      const { arrived, origin } = await target()
      await runWithIdentity(TENANT, async () => {
        assert.equal(await (await send({ url: origin })).text(), 'fine')
      })
      assert.deepEqual(
        recorder.spans().filter(({ kind }) => kind === SpanKind.CLIENT),
        [],
      )
      assert.deepEqual(arrived[0]?.header('traceparent'), [])
      assert.deepEqual(arrived[0]?.header('baggage'), [])
    },
  },
  {
    name: 'does nothing where tracing is suppressed',
    check: async ({ client, recorder, target }) => {
      const send = await client()
      const { arrived, origin } = await target()
      await context.with(suppressTracing(context.active()), async () => {
        assert.equal(await (await send({ url: origin })).text(), 'fine')
      })
      assert.deepEqual(recorder.spans(), [])
      assert.deepEqual(arrived[0]?.header('traceparent'), [])
    },
  },
]
