import { describe, expect, it, jest } from '@jest/globals'
import { SpanKind } from '@opentelemetry/api'
import { traceClientProxy, traceMicroservice } from '../src/trace-microservice.ts'
import { named, type Printed } from './printed.ts'
import { LINES, type Line, runChild } from './run-child.ts'

// The first test of each line waits for all that its process does.
jest.setTimeout(240_000)

interface Seen extends Printed {
  readonly answer: unknown
  readonly seen: Readonly<Record<string, { span: string; tenant?: string }>>
}

const RESERVE = 'process {"cmd":"reserve"}'
const SEND = 'send {"cmd":"reserve"}'

describe.each(Object.keys(LINES) as Line[])('a TCP microservice of %s', (line) => {
  const all = runChild<Seen>(line, 'microservice.ts', [])
  const asked = async (path: string): Promise<Seen> => {
    const found = (await all).find((each) => each.path === path)
    if (found === undefined) throw new Error(`${path} was not asked`)
    return found
  }

  it('carries trace and tenant from the request to the handler', async () => {
    const seen = await asked('reserve')
    const request = named(seen, 'GET /reserve')
    const sent = named(seen, SEND)
    const handled = named(seen, RESERVE)
    expect(sent).toMatchObject({ kind: SpanKind.PRODUCER, parent: request.id, isError: false })
    expect(handled).toMatchObject({ kind: SpanKind.CONSUMER, parent: sent.id, links: [sent.id] })
    expect(handled.attributes).toMatchObject({
      'messaging.system': 'nest',
      'messaging.destination.name': '{"cmd":"reserve"}',
      'tenant.id': 'acme',
    })
    expect(sent.attributes['server.address']).toBe('127.0.0.1')
    expect(seen.spans).toHaveLength(3)
  })

  it('runs guards and handlers in the span, with the tenant', async () => {
    const seen = await asked('reserve')
    const own = { span: named(seen, RESERVE).id, tenant: 'acme' }
    expect(seen.seen).toEqual({ guard: own, handler: own })
  })

  it('answers in the context of who asked', async () => {
    const seen = await asked('reserve')
    expect(seen.answer).toEqual(['lamp reserved', named(seen, 'GET /reserve').id])
  })

  it("keeps a handler's tenant to its message", async () => {
    const seen = await asked('own')
    expect(named(seen, RESERVE).attributes['tenant.id']).toBe('initech')
    expect(named(seen, 'GET /own').attributes['tenant.id']).toBe('acme')
  })

  it.each([
    ['failed', 'OutOfStock', 'none left', 'Internal server error'],
    ['refused', 'RpcException', 'sold out', 'sold out'],
  ])('%s: has the exception that Nest answers', async (path, type, message, answered) => {
    const seen = await asked(path)
    expect(seen.answer).toEqual({ status: 'error', message: answered })
    const handled = named(seen, RESERVE)
    expect(handled).toMatchObject({ isError: true, exceptions: [message] })
    expect(handled.attributes['error.type']).toBe(type)
    expect(named(seen, SEND)).toMatchObject({ isError: true, exceptions: [answered] })
  })

  it('lasts until the last value of a stream', async () => {
    const seen = await asked('stream')
    expect(seen.answer).toEqual([1, 2, 3])
    expect(named(seen, 'process stream').parent).toBe(named(seen, 'send stream').id)
  })

  it('ends as cancelled when who asked gives up', async () => {
    const seen = await asked('impatient')
    expect(seen.answer).toBe('gave up')
    expect(named(seen, 'send never').attributes['error.type']).toBe('cancelled')
  })

  it('has no span of a message that nobody handles but that of who sent it', async () => {
    const seen = await asked('unknown')
    expect(named(seen, 'send none').isError).toBe(true)
    expect(seen.spans).toHaveLength(2)
  })

  it('makes one span of an event, however many handlers it has', async () => {
    const seen = await asked('event')
    const handled = named(seen, 'process ordered')
    expect(handled.parent).toBe(named(seen, 'emit ordered').id)
    const own = { span: handled.id, tenant: 'acme' }
    expect(seen.seen).toEqual({ guard: own, first: own, second: own })
    expect(seen.spans).toHaveLength(3)
  })

  it('begins a trace for a message without one', async () => {
    const seen = await asked('untraced')
    const handled = named(seen, RESERVE)
    expect(handled.parent).toBeUndefined()
    expect(handled.attributes).not.toHaveProperty('tenant.id')
  })
})

describe('the options of microservices', () => {
  const server = { addHandler: () => {} }

  it('refuses what is not a server', () => {
    expect(() => traceMicroservice({})).toThrow(/needs a Server of @nestjs\/microservices/)
    expect(() => traceMicroservice({ ...server, transportId: 4 })).toThrow(/@callchain\/grpc/)
  })

  it('refuses what is not a client', () => {
    expect(() => traceClientProxy({})).toThrow(/needs a ClientProxy/)
  })

  it('names an option that is not allowed', () => {
    expect(() => traceMicroservice(server, { edge: 'drop' as 'link' })).toThrow(/edge/)
  })
})
