import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { propagation } from '@opentelemetry/api'
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { createClientTracer, createServerTracer, runIn, tenant } from '../../src/index.ts'
import { answered, incoming, outgoing, record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>

beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

describe('identity that came in', () => {
  it("is not in OpenTelemetry's baggage as well: other propagators would write it for any host", () => {
    const headers = { baggage: 'tenant.id=acme,a=1' }
    const call = createServerTracer().receive(incoming(headers))
    expect(runIn(call, () => tenant.get())).toBe('acme')
    const entries = call && propagation.getBaggage(call.context)?.getAllEntries()
    expect(entries).toEqual([['a', { value: '1' }]])
  })

  it("is on the server's span, and on no other unless it was declared for all", () => {
    const call = createServerTracer().receive(incoming({ baggage: 'tenant.id=acme' }))
    runIn(call, () =>
      createClientTracer().send(outgoing('http://orders/')).receive({ statusCode: 200 }),
    )
    call?.send(answered(200))
    const shown = exporter.getFinishedSpans().map(({ attributes }) => attributes['tenant.id'])
    expect(shown).toEqual([undefined, 'acme'])
  })
})
