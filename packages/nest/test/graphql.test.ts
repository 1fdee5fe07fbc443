import { describe, expect, it, jest } from '@jest/globals'
import { named, type Printed } from './printed.ts'
import { runChild } from './run-child.ts'

// The first test waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly status: number
  readonly answer: { readonly data?: unknown }
  readonly seen: Readonly<Record<string, { trace: string; tenant?: string }>>
}

const onExpress = runChild<Seen>('Nest 12', 'graphql.ts', ['express'])
const onFastify = runChild<Seen>('Nest 12', 'graphql.ts', ['fastify'])

describe.each([
  { platform: 'express', all: onExpress },
  { platform: 'fastify', all: onFastify },
])("Nest's Apollo on $platform", ({ all }) => {
  const asked = async (path: string): Promise<Seen> => {
    const found = (await all).find((each) => each.path === path)
    if (found === undefined) throw new Error(`${path} was not asked`)
    return found
  }

  it('has a span of the operation below that of the request', async () => {
    const seen = await asked('item')
    const request = named(seen, 'POST /graphql')
    expect(named(seen, 'query')).toMatchObject({
      parent: request.id,
      isError: false,
      attributes: { 'graphql.operation.name': 'Mine' },
    })
    expect(request.attributes['tenant.id']).toBe('acme')
  })

  it('runs guards and resolvers in the request, with its tenant', async () => {
    const { seen } = await asked('item')
    expect(seen).toMatchObject({
      guard: { trace: expect.any(String) },
      resolver: { trace: seen.guard?.trace, tenant: 'acme' },
    })
  })

  it('has what a resolver throws on the operation, though the answer is a 200', async () => {
    const seen = await asked('lost')
    expect(seen.status).toBe(200)
    const operation = named(seen, 'query')
    expect(operation).toMatchObject({ isError: true, exceptions: ['none left'] })
    expect(operation.attributes['error.type']).toBe('OutOfStock')
    expect(named(seen, 'Query.lost').parent).toBe(operation.id)
    expect(named(seen, 'POST /graphql')).toMatchObject({ isError: false, exceptions: [] })
  })

  it('has the span of the request alone for a document that is not valid', async () => {
    const seen = await asked('invalid')
    expect(seen.status).toBe(400)
    expect(seen.spans.map(({ name }) => name)).toEqual(['POST /graphql'])
  })
})
