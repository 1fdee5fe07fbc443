import assert from 'node:assert/strict'
import { tenant, user } from '@callchain/core'
import { identityLogFields } from '@callchain/core/internal'
import { assertSpan } from '../assert-span.ts'
import { outboundHeaders } from '../outbound.ts'
import { CALLER, callerTraceparent } from './caller.ts'
import type { ServerPromise } from './server-promise.ts'

interface Seen {
  readonly tenant: string | undefined
  readonly user: string | undefined
  readonly logs: Record<string, string>
  readonly baggage: string | undefined
}

function look(): Seen {
  const { baggage } = outboundHeaders()
  return { tenant: tenant.get(), user: user.get(), logs: identityLogFields(), baggage }
}

/** Promises about the tenant and the user that a request is for. */
export const identity: readonly ServerPromise[] = [
  {
    name: 'takes tenant and user from an internal caller into the handler, the span, logs and outbound calls',
    check: async ({ serve, serverSpan }) => {
      let seen: Seen | undefined
      const app = await serve({
        handler: (request) => {
          seen = look()
          request.reply(200, {})
        },
      })
      const baggage = 'plan=gold;ttl=1,user.id=u%C3%A9,tenant.id=acme'
      await app.get('/items/7', { headers: { baggage } })
      assertSpan(await serverSpan(), {
        attributes: { 'tenant.id': 'acme', 'user.id': 'ué', plan: undefined },
      })
      assert.deepEqual(seen, {
        tenant: 'acme',
        user: 'ué',
        logs: { tenant_id: 'acme', user_id: 'ué' },
        baggage: 'tenant.id=acme,user.id=u%C3%A9,plan=gold;ttl=1',
      })
    },
  },
  {
    name: 'lets a tenant set after authentication correct the span, later logs and outbound calls',
    check: async ({ serve, serverSpan }) => {
      let seen: Seen | undefined
      const app = await serve({
        authenticate: async () => {
          await Promise.resolve()
          tenant.set('acme')
          user.set(42)
          return false
        },
        handler: async (request) => {
          await Promise.resolve()
          seen = look()
          request.reply(200, {})
        },
      })
      await app.get('/items/7', { headers: { baggage: 'tenant.id=claimed' } })
      const span = await serverSpan()
      assertSpan(span, {
        events: ['callchain.identity.conflict'],
        attributes: { 'tenant.id': 'acme', 'user.id': '42' },
      })
      assert.deepEqual(span.events[0]?.attributes, {
        'callchain.identity.field': 'tenant.id',
        'callchain.identity.kept': 'acme',
        'callchain.identity.kept_source': 'code',
        'callchain.identity.dropped': 'claimed',
      })
      assert.deepEqual(seen, {
        tenant: 'acme',
        user: '42',
        logs: { tenant_id: 'acme', user_id: '42' },
        baggage: 'tenant.id=acme,user.id=42',
      })
    },
  },
  {
    name: 'notes no conflict when authentication confirms what the caller said',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: (request) => {
          tenant.set('acme')
          request.reply(200, {})
        },
      })
      await app.get('/items/7', { headers: { baggage: 'tenant.id=acme' } })
      assertSpan(await serverSpan(), { events: [], attributes: { 'tenant.id': 'acme' } })
    },
  },
  {
    name: 'lets a caller write no other attribute, and no broken value',
    check: async ({ serve, serverSpan }) => {
      let seen: Seen | undefined
      const app = await serve({
        handler: (request) => {
          seen = look()
          request.reply(200, {})
        },
      })
      const baggage = 'http.route=evil,error.type=evil,tenant.id=a%0Ab'
      await app.get('/items/7', { headers: { baggage, traceparent: callerTraceparent() } })
      assertSpan(await serverSpan(), {
        traceId: CALLER.traceId,
        name: 'GET /items/:id',
        attributes: { 'http.route': '/items/:id', 'error.type': undefined, 'tenant.id': undefined },
      })
      assert.deepEqual([seen?.tenant, seen?.logs], [undefined, {}])
    },
  },
  {
    name: 'keeps a tenant that was set when the request fails',
    check: async ({ serve, serverSpan }) => {
      const app = await serve({
        handler: async () => {
          tenant.set('acme')
          await Promise.resolve()
          throw new RangeError('broken')
        },
      })
      await app.get('/items/7')
      assertSpan(await serverSpan(), {
        status: 'error',
        attributes: { 'tenant.id': 'acme', 'http.response.status_code': 500 },
      })
    },
  },
]
