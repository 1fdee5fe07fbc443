import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type FlatSpan, type OtlpJson, spansIn } from '../../../test/backends/otlp-json.ts'
import { until } from '../../../test/backends/until.ts'
import { kinds } from '../runner/customers.js'
import { type SentOrders, sendOrders } from './sent-orders.ts'

jest.setTimeout(300_000)

const jaeger = process.env.JAEGER_URL ?? ''
let sent: SentOrders

beforeAll(async () => {
  // It takes spans alone.
  sent = await sendOrders(process.env.JAEGER_OTLP_URL ?? '', {}, '/v1/traces')
})

async function read<T>(path: string, query: Record<string, string> = {}): Promise<T | undefined> {
  const answer = await fetch(`${jaeger}${path}?${new URLSearchParams(query)}`)
  return answer.ok ? ((await answer.json()) as T) : undefined
}

/** Waits until Jaeger has so many spans of a trace. */
function stored(traceId: string, count: number): Promise<FlatSpan[]> {
  return until(async () => {
    const answer = await read<{ result: OtlpJson }>(`/api/v3/traces/${traceId}`)
    const spans = spansIn(answer?.result ?? {})
    return spans.length >= count ? spans : undefined
  })
}

/** The traces that a search finds, as Jaeger's page asks for them. */
async function search(service: string, query: Record<string, string>): Promise<string[]> {
  const all = { service, limit: '1000', lookback: '1h', ...query }
  const answer = await read<{ data: { traceID: string }[] }>('/api/traces', all)
  return (answer?.data ?? []).map(({ traceID }) => traceID)
}

const byId = (spans: readonly FlatSpan[]): FlatSpan[] =>
  spans.toSorted((one, other) => (one.id < other.id ? -1 : 1))

describe('Jaeger', () => {
  it.each(kinds.map(({ name }) => name))(
    'has the chain of the %s order, field by field',
    async (name) => {
      const wanted = byId(sent.spansOf(name))
      const found = await stored(sent.traces.get(name) ?? '', wanted.length)
      expect(byId(found)).toEqual(wanted)
    },
  )

  it('finds the orders of a tenant', async () => {
    const found = await search('gateway', { tags: JSON.stringify({ 'tenant.id': 'acme' }) })
    const acme = [...sent.traces.values()].filter((id) =>
      sent.spans.some((span) => span.traceId === id && span.attributes['tenant.id'] === 'acme'),
    )
    expect(acme.length).toBeGreaterThan(0)
    expect([...sent.traces.values()].filter((id) => found.includes(id))).toEqual(acme)
  })

  it('finds what failed', async () => {
    const failed = sent.spansOf('failed').find(({ name }) => name.startsWith('UPDATE'))
    const tags = { 'error.type': String(failed?.attributes['error.type']) }
    const found = await search('inventory', { tags: JSON.stringify(tags) })
    expect(found).toContain(sent.traces.get('failed'))
    expect(found).not.toContain(sent.traces.get('ok'))
  })

  it('finds what took long', async () => {
    const slow = sent.spansOf('slow').find(({ name }) => name.startsWith('SELECT'))
    const micros = Number(BigInt(slow?.end ?? 0) - BigInt(slow?.start ?? 0)) / 1000
    const query = { operation: slow?.name ?? '', minDuration: `${Math.floor(micros)}us` }
    const found = await search('inventory', query)
    const ours = [...sent.traces.values()].filter((id) => found.includes(id))
    expect(ours).toEqual([sent.traces.get('slow')])
  })

  it('draws gateway → orders → inventory', async () => {
    const query = { endTs: String(Date.now() + 60_000), lookback: '3600000' }
    const links = await read<{ data: { parent: string; child: string }[] }>(
      '/api/dependencies',
      query,
    )
    const arrows = (links?.data ?? []).map(({ parent, child }) => `${parent} → ${child}`)
    expect(arrows).toEqual(expect.arrayContaining(['gateway → orders', 'orders → inventory']))
  })
})
