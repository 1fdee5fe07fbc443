import assert from 'node:assert/strict'
import { type RpcClientOptions, runWithIdentity } from '@callchain/core'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { assertSpan } from '../assert-span.ts'
import { callerTraceparent } from '../server/caller.ts'
import type { RpcPromise } from './rpc-promise.ts'
import type { RpcCaller, RpcCalling, RpcStage } from './stage.ts'

const TENANT = { 'tenant.id': 'acme' }
const OURS = ['traceparent', 'tracestate', 'baggage']

interface Sent {
  readonly caller: RpcCaller
  /** Makes a call, and resolves to the metadata that arrived with it. */
  arrived(calling?: RpcCalling): Promise<Record<string, string | undefined>>
}

async function sending(
  { callUntracedServer }: RpcStage,
  options: RpcClientOptions = {},
  trace: 0 | 1 | 2 = 1,
): Promise<Sent> {
  let found: Record<string, string | undefined> = {}
  const caller = await callUntracedServer(
    {
      unary: async (text, { metadata, metadataNames }) => {
        found = Object.fromEntries(metadataNames().map((name) => [name, metadata(name)]))
        return text
      },
    },
    { options, trace },
  )
  const arrived: Sent['arrived'] = async (calling) => {
    assert.equal((await caller.unary('a', calling)).status, 'OK')
    return found
  }
  return { caller, arrived }
}

/** Promises about the metadata that a call goes out with. */
export const calling: readonly RpcPromise[] = [
  {
    name: 'sends the trace with the id of its own span, and the tenant to an internal host',
    check: async (stage) => {
      const { arrived } = await sending(stage)
      const metadata = await runWithIdentity({ ...TENANT, 'user.id': 'ué' }, () => arrived())
      const { traceId, spanId } = (await stage.spanOf(SpanKind.CLIENT)).spanContext()
      assert.equal(metadata.traceparent, `00-${traceId}-${spanId}-03`)
      assert.equal(metadata.baggage, 'tenant.id=acme,user.id=u%C3%A9')
    },
  },
  {
    name: 'replaces a trace and an identity that the application has put in itself',
    check: async (stage) => {
      const { arrived } = await sending(stage)
      const metadata = await runWithIdentity(TENANT, () =>
        arrived({
          metadata: {
            traceparent: callerTraceparent(),
            tracestate: 'stale=1',
            baggage: 'own=1,tenant.id=stale',
          },
        }),
      )
      const { traceId } = (await stage.spanOf(SpanKind.CLIENT)).spanContext()
      assert.equal(metadata.traceparent?.split('-')[1], traceId)
      assert.equal(metadata.tracestate, undefined)
      assert.equal(metadata.baggage, 'tenant.id=acme,own=1')
    },
  },
  {
    name: 'keeps identity and baggage from a host that may not have them, and the trace where told to',
    check: async (stage) => {
      const { arrived } = await sending(stage, { send: { identity: 'none', trace: ['elsewhere'] } })
      const metadata = await runWithIdentity(TENANT, () =>
        arrived({ metadata: { baggage: 'own=1', own: 'kept' } }),
      )
      await stage.spanOf(SpanKind.CLIENT)
      assert.deepEqual([metadata.traceparent, metadata.baggage], [undefined, undefined])
      assert.equal(metadata.own, 'kept')
    },
  },
  {
    name: 'adds nothing else to the metadata, and leaves the rest as it is',
    check: async (stage) => {
      const plain = await (await sending(stage, {}, 0)).arrived({ metadata: { own: 'kept' } })
      const traced = await (await sending(stage)).arrived({ metadata: { own: 'kept' } })
      for (const name of OURS) delete traced[name]
      assert.deepEqual(traced, plain)
    },
  },
  {
    name: 'hands on a trace that is not sampled',
    check: async (stage) => {
      const { arrived } = await sending(stage)
      const traceId = 'c'.repeat(32)
      const unsampled = { traceId, spanId: 'd'.repeat(16), traceFlags: 0 }
      const metadata = await context.with(trace.setSpanContext(context.active(), unsampled), () =>
        arrived(),
      )
      assert.match(metadata.traceparent ?? '', new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[02]$`))
      assert.deepEqual(stage.recorder.spans(), [])
    },
  },
  {
    name: 'passes nothing on of a caller on the edge, though the application hands its metadata on',
    check: async (stage) => {
      const { arrived } = await sending(stage)
      const metadata = { traceparent: callerTraceparent(), baggage: 'tenant.id=evil,own=1' }
      let passed: Record<string, string | undefined> = {}
      const front = await stage.serveUntracedCaller({
        options: { trust: 'edge' },
        handlers: {
          unary: async (_text, call) => {
            const own = {
              traceparent: call.metadata('traceparent') ?? '',
              baggage: call.metadata('baggage') ?? '',
            }
            passed = await arrived({ metadata: own })
            return ''
          },
        },
      })
      assert.equal((await front.unary('a', { metadata })).status, 'OK')
      const server = await stage.spanOf(SpanKind.SERVER)
      assert.equal(passed.traceparent?.split('-')[1], server.spanContext().traceId)
      assert.doesNotMatch(passed.baggage ?? '', /evil/)
    },
  },
  {
    name: 'does not trace an ignored call, and gives it no metadata',
    check: async (stage) => {
      const { arrived } = await sending(stage, { ignore: ({ method }) => method.endsWith('Unary') })
      const metadata = await runWithIdentity(TENANT, () => arrived())
      for (const name of OURS) assert.equal(metadata[name], undefined)
      const kinds = stage.recorder.spans().map(({ kind }) => kind)
      assert.equal(kinds.includes(SpanKind.CLIENT), false)
    },
  },
  {
    name: 'does nothing where tracing is suppressed',
    check: async (stage) => {
      const { arrived } = await sending(stage)
      const metadata = await context.with(suppressTracing(context.active()), () => arrived())
      assert.equal(metadata.traceparent, undefined)
      assert.deepEqual(stage.recorder.spans(), [])
    },
  },
  {
    name: 'makes one span, and sends it, where a client is traced twice',
    check: async (stage) => {
      const { arrived } = await sending(stage, {}, 2)
      const metadata = await arrived()
      const { spanId } = (await stage.spanOf(SpanKind.CLIENT)).spanContext()
      assert.equal(metadata.traceparent?.split('-')[2], spanId)
    },
  },
  {
    name: 'lets the application add attributes, and goes on when its hooks throw',
    check: async (stage) => {
      const options: RpcClientOptions = {
        ignore: () => {
          throw new Error('as the contract wants it')
        },
        attributes: ({ method, system }) => ({ 'app.called': `${system} ${method}` }),
      }
      const { arrived } = await sending(stage, options)
      await arrived()
      const { service, system } = stage.system
      assertSpan(await stage.spanOf(SpanKind.CLIENT), {
        attributes: { 'app.called': `${system} ${service}/Unary` },
      })
    },
  },
]
