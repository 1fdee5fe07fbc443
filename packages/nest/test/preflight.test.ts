import { describe, expect, it, jest } from '@jest/globals'
import { named, type Printed } from './printed.ts'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each line waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly status: number
  readonly answer: string
}

describe.each(Object.keys(LINES) as Line[])('%s on a Fastify that is traced', (line) => {
  const all = runChild<Seen>(line, 'preflight.ts', ['instance'])

  it('has a span of a preflight, which ends there', async () => {
    const [seen] = await all
    expect(seen?.status).toBe(204)
    expect(seen?.spans.map(({ name, isError }) => [name, isError])).toEqual([['OPTIONS *', false]])
  })

  it('runs middlewares and handlers in the span of a request', async () => {
    const [, seen] = await all
    if (seen === undefined) throw new Error('no request was printed')
    const { id } = named(seen, 'GET /item')
    expect(JSON.parse(seen.answer)).toEqual({ handler: id, middleware: id })
  })
})
