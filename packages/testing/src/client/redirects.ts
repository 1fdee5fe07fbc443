import assert from 'node:assert/strict'
import { runWithIdentity } from '@callchain/core'
import { assertSpan } from '../assert-span.ts'
import type { ClientPromise } from './client-promise.ts'

/** Promises about calls that are sent on to another address. */
export const redirects: readonly ClientPromise[] = [
  {
    name: 'makes a span for each hop of a redirect, and decides for each what goes with it',
    check: async ({ client, clientSpans, inSpan, target }) => {
      const send = await client({ send: { trace: 'internal' } })
      const second = await target()
      const first = await target((_req, res) => {
        res.writeHead(302, { location: `${second.foreignOrigin}/second` })
        res.end()
      })
      const headers = { baggage: 'own=1' }
      const parent = await inSpan(() =>
        runWithIdentity({ 'tenant.id': 'acme' }, async () => {
          const answer = await send({ url: `${first.origin}/first`, headers })
          assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
        }),
      )
      const [one, two] = await clientSpans(2)
      assert.ok(one && two)
      const { spanId } = parent.spanContext()
      assertSpan(one, {
        parentSpanId: spanId,
        attributes: {
          'url.full': `${first.origin}/first`,
          'http.response.status_code': 302,
          'http.request.resend_count': undefined,
        },
      })
      assertSpan(two, {
        parentSpanId: spanId,
        attributes: {
          'url.full': `${second.foreignOrigin}/second`,
          'http.response.status_code': 200,
          'http.request.resend_count': 1,
        },
      })
      assert.equal(first.arrived[0]?.header('traceparent').length, 1)
      assert.deepEqual(first.arrived[0]?.header('baggage'), ['tenant.id=acme,own=1'])
      assert.deepEqual(second.arrived[0]?.header('traceparent'), [])
      assert.deepEqual(second.arrived[0]?.header('baggage'), [])
    },
  },
  {
    name: 'sends each hop of a redirect the id of its own span',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const second = await target()
      const first = await target((_req, res) => {
        res.writeHead(307, { location: `${second.origin}/second` })
        res.end()
      })
      await (await send({ url: first.origin })).text()
      const spans = await clientSpans(2)
      for (const [index, { arrived }] of [first, second].entries()) {
        const sent = arrived[0]?.header('traceparent') ?? []
        assert.equal(sent.length, 1)
        assert.equal(sent[0]?.split('-')[2], spans[index]?.spanContext().spanId)
      }
    },
  },
]
