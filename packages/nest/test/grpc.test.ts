import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { named, type Printed, type PrintedSpan } from './printed.ts'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each line waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly answer: unknown
  readonly seen: Readonly<Record<string, { span: string; tenant?: string }>>
}

const UNKNOWN = 2
const NOT_FOUND = 5

describe.each(Object.keys(LINES) as Line[])("%s's transport of gRPC", (line) => {
  const all = runChild<Seen>(line, 'grpc.ts', [join(__dirname, 'child/stock.proto')])
  const asked = async (path: string): Promise<Seen> => {
    const found = (await all).find((each) => each.path === path)
    if (found === undefined) throw new Error(`${path} was not asked`)
    return found
  }

  it.each([
    ['reserve', 'Reserve', ['lamp reserved']],
    ['watch', 'Watch', ['1 of lamp', '2 of lamp', '3 of lamp']],
    ['restock', 'Restock', ['2 items']],
  ])('%s: is one chain, with the tenant in guard and handler', async (path, method, answer) => {
    const seen = await asked(path)
    expect(seen.answer).toEqual(answer)
    const { client, server } = sidesOf(seen, method)
    expect(client.parent).toBe(named(seen, `GET /${path}`).id)
    expect(server.parent).toBe(client.id)
    expect(server.attributes).toMatchObject({
      'rpc.response.status_code': 'OK',
      'tenant.id': 'acme',
    })
    const own = { span: server.id, tenant: 'acme' }
    expect(seen.seen).toEqual({ guard: own, handler: own })
    expect(seen.spans).toHaveLength(3)
  })

  it('has the exception that Nest answers with UNKNOWN', async () => {
    const seen = await asked('error')
    expect(seen.answer).toEqual([[UNKNOWN, 'Internal server error']])
    const { client, server } = sidesOf(seen, 'Reserve')
    expect(server).toMatchObject({ isError: true, exceptions: ['none left'] })
    expect(client.attributes['rpc.response.status_code']).toBe('UNKNOWN')
  })

  it("leaves out an exception whose status is the caller's", async () => {
    const seen = await asked('missing')
    expect(seen.answer).toEqual([[NOT_FOUND, 'no such item']])
    const { client, server } = sidesOf(seen, 'Reserve')
    expect(server).toMatchObject({ isError: false, exceptions: [] })
    expect(client).toMatchObject({ isError: true })
  })
})

function sidesOf({ spans }: Seen, method: string): { client: PrintedSpan; server: PrintedSpan } {
  const own = spans.filter(({ name }) => name === `shop.v1.Stock/${method}`)
  const client = own.find(({ kind }) => kind === SpanKind.CLIENT)
  const server = own.find(({ kind }) => kind === SpanKind.SERVER)
  if (client === undefined || server === undefined) throw new Error('a side has no span')
  return { client, server }
}
