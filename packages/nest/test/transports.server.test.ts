import { describe, expect, it, jest } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import type { Printed } from './printed.ts'
import { type Line, runChild } from './run-child.ts'

// The first test of each transport waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly answer?: unknown
  readonly seen: { readonly span: string; readonly tenant?: string }
}

// Nest 11 has another client for NATS, and does not tell a handler what came with a packet of Redis.
describe.each<[Line, string]>([
  ['Nest 12', 'redis'],
  ['Nest 12', 'nats'],
])('%s over %s', (line, transport) => {
  const all = runChild<Seen>(line, 'transports.ts', [transport])

  it.each([
    ['reserve', 'lamp reserved'],
    ['ordered', undefined],
  ])('%s: carries trace and tenant to the handler', async (path, answer) => {
    const seen = (await all).find((each) => each.path === path)
    expect(seen?.answer).toBe(answer)
    const sent = seen?.spans.find(({ kind }) => kind === SpanKind.PRODUCER)
    const handled = seen?.spans.find(({ kind }) => kind === SpanKind.CONSUMER)
    expect(handled).toMatchObject({ name: `process ${path}`, parent: sent?.id })
    expect(handled?.attributes).toMatchObject({
      'messaging.system': transport,
      'tenant.id': 'acme',
    })
    expect(seen?.seen).toEqual({ span: handled?.id, tenant: 'acme' })
  })
})
