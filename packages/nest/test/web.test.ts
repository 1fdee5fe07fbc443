import { describe, expect, it, jest } from '@jest/globals'
import { named, type Printed } from './printed.ts'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each line waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly status?: number
  readonly answer?: string
  /** How many spans had ended while the events were still read. */
  readonly open?: number
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

const FIRST_BYTE = 'callchain.http.time_to_first_byte'

describe.each(Object.keys(LINES) as Line[])('%s', (line) => {
  const onExpress = runChild<Seen>(line, 'web.ts', ['express'])
  const onFastify = runChild<Seen>(line, 'web.ts', ['fastify'])

  describe.each([
    { platform: 'express', all: onExpress },
    { platform: 'fastify', all: onFastify },
  ])('on $platform', ({ all }) => {
    const asked = async (path: string): Promise<Seen> => {
      const found = (await all).find((each) => each.path === path)
      if (found === undefined) throw new Error(`${path} was not asked`)
      return found
    }

    it('puts trace, tenant and user on the lines of nestjs-pino', async () => {
      const { lines, spans } = await asked('hello')
      const fields = { span_id: spans[0]?.id, tenant_id: 'acme', user_id: 'ada' }
      expect(lines).toEqual([
        expect.objectContaining({ ...fields, msg: 'in the handler' }),
        expect.objectContaining({ ...fields, msg: 'request completed' }),
      ])
    })

    it('handles an upload in the span, with its tenant', async () => {
      const seen = await asked('upload')
      const span = named(seen, 'POST /files/upload')
      expect(seen.status).toBe(201)
      expect(JSON.parse(seen.answer ?? '')).toEqual({ size: 100, span: span.id, tenant: 'acme' })
      expect(span.attributes['tenant.id']).toBe('acme')
    })

    it('does not fail for an upload that is too large', async () => {
      const seen = await asked('too large')
      expect(seen.status).toBe(413)
      expect(named(seen, 'POST /files/upload')).toMatchObject({ isError: false, exceptions: [] })
    })

    it('sends events in the span, which says how long the first byte took', async () => {
      const seen = await asked('events')
      const span = named(seen, 'GET /files/events')
      const events = seen.answer?.match(/data: .*/g)?.map((data) => JSON.parse(data.slice(6)))
      const here = { span: span.id, tenant: 'acme' }
      expect(events).toEqual([0, 1, 2].map((count) => ({ count, ...here })))
      expect(span.attributes[FIRST_BYTE]).toBeGreaterThan(0)
    })

    it('keeps the span of events open until the reader leaves', async () => {
      const seen = await asked('endless')
      expect(seen.open).toBe(0)
      const span = named(seen, 'GET /files/endless')
      expect(span.attributes).toMatchObject({ 'error.type': 'client_abort', 'tenant.id': 'acme' })
      expect(span.attributes[FIRST_BYTE]).toBeGreaterThan(0)
    })
  })
})
