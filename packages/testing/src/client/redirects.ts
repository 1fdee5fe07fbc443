import assert from 'node:assert/strict'
import { runWithIdentity } from '@callchain/core'
import { SpanKind } from '@opentelemetry/api'
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
      const answer = await send({ url: first.origin })
      assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
      const spans = await clientSpans(2)
      for (const [index, { arrived }] of [first, second].entries()) {
        const sent = arrived[0]?.header('traceparent') ?? []
        assert.equal(sent.length, 1)
        assert.equal(sent[0]?.split('-')[2], spans[index]?.spanContext().spanId)
      }
    },
  },
  {
    name: 'keeps identity from the host that a redirect of any kind leads to',
    check: async ({ client, clientSpans, target }) => {
      const send = await client()
      const statuses = [301, 302, 303, 307, 308]
      const second = await target()
      const first = await target((req, res) => {
        res.writeHead(Number(req.url?.slice(1)), { location: `${second.foreignOrigin}/second` })
        res.end()
      })
      const headers = { Baggage: 'own=1' }
      await runWithIdentity({ 'tenant.id': 'acme' }, async () => {
        for (const status of statuses) {
          const answer = await send({ url: `${first.origin}/${status}`, headers })
          assert.deepEqual([answer.status, await answer.text()], [200, 'fine'])
        }
      })
      await clientSpans(2 * statuses.length)
      for (const [index, status] of statuses.entries()) {
        assert.deepEqual(first.arrived[index]?.header('baggage'), ['tenant.id=acme,own=1'])
        assert.deepEqual(second.arrived[index]?.header('baggage'), [], String(status))
        assert.equal(second.arrived[index]?.header('traceparent').length, 1)
      }
    },
  },
  {
    name: 'records the status of the redirect at which it stops following',
    check: async ({ client, recorder, target }) => {
      const send = await client()
      const { origin } = await target((_req, res) => {
        res.writeHead(302, { location: '/again' })
        res.end()
      })
      // Some give the last redirect as their answer.
      await send({ url: `${origin}/first` }).then(
        (answer) => answer.text(),
        () => {},
      )
      await recorder.settled()
      const spans = recorder.spans().filter(({ kind }) => kind === SpanKind.CLIENT)
      assert.ok(spans.length > 1)
      for (const span of spans)
        assertSpan(span, { attributes: { 'http.response.status_code': 302 } })
    },
  },
]
