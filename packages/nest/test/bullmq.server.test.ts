import { describe, expect, it } from '@jest/globals'
import { LINES, type Line, runChild } from './run-child.ts'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parent?: string
  readonly links: readonly string[]
  readonly tenant?: string
  readonly failed: boolean
}

describe.each(Object.keys(LINES) as Line[])('%s with @nestjs/bullmq', (line) => {
  it('has request, queue and processor in one trace, with the tenant, and the retry too', async () => {
    const [told, ...spans] = await runChild<Span & { seen?: unknown[] }>(line, 'bullmq.ts', [
      'bull',
    ])
    expect(told?.seen?.toSorted()).toEqual([
      ['acme', 'acme', 0],
      ['acme', 'acme', 1],
      ['beta', 'beta', 0],
    ])
    for (const [tenant, attempts] of [['acme', 2] as const, ['beta', 1] as const]) {
      const request = spans.find((span) => span.name.startsWith('POST') && span.tenant === tenant)
      expect(request?.name).toBe('POST /orders/:customer')
      const trace = spans.filter(({ traceId }) => traceId === request?.traceId)
      const added = trace.find(({ name }) => name === 'add mails')
      expect(added?.parent).toBe(request?.spanId)
      const processed = trace.filter(({ name }) => name === 'process mails')
      expect(processed).toHaveLength(attempts)
      for (const each of processed)
        expect(each).toMatchObject({ tenant, parent: added?.spanId, links: [added?.spanId] })
      expect(processed.filter(({ failed }) => failed)).toHaveLength(attempts - 1)
    }
  })
})
