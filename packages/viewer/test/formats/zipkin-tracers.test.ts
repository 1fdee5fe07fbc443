import { ask, viewerForTests } from '../request.ts'
import { BASE } from '../spans.ts'

// A busy machine takes its time; nothing here waits for a time of its own.
jest.setTimeout(180_000)

describe('What tracers of Zipkin send', () => {
  const viewer = viewerForTests()
  const send = async (...spans: object[]): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(spans)
    return (await ask(`${viewer.url}/api/v2/spans`, { method: 'POST', headers, body })).status
  }
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const shown = async (traceId: string): Promise<any> =>
    (await ask(`${viewer.url}/api/local/traces/${traceId}`)).json
  const names = async (traceId: string): Promise<[string, number][]> =>
    (await shown(traceId)).spans.map(({ name, depth }: { name: string; depth: number }) => [
      name,
      depth,
    ])

  /** A call that the client and the server write with one id, and what each of them did in it. */
  const call = (traceId: string): Record<'client' | 'server' | 'ofClient' | 'ofServer', object> => {
    const common = { traceId, timestamp: BASE * 1000, duration: 1000 }
    const [frontend, backend] = ['frontend', 'backend'].map((serviceName) => ({ serviceName }))
    const id = '00000000000000aa'
    return {
      client: { ...common, id, kind: 'CLIENT', name: 'client', localEndpoint: frontend },
      server: {
        ...common,
        id,
        kind: 'SERVER',
        name: 'server',
        shared: true,
        localEndpoint: backend,
      },
      ofClient: { ...common, id: 'c1', parentId: id, name: 'of client', localEndpoint: frontend },
      ofServer: { ...common, id: 'd1', parentId: id, name: 'of server', localEndpoint: backend },
    }
  }
  const TREE = [
    ['client', 0],
    ['server', 1],
    ['of server', 2],
    ['of client', 1],
  ]

  it('puts what a server does below its half of the span it shares, in whatever order they come', async () => {
    const orders = [
      ['client', 'server', 'ofServer', 'ofClient'],
      ['ofServer', 'ofClient', 'server', 'client'],
      ['server', 'ofServer', 'client', 'ofClient'],
    ] as const
    for (const [index, order] of orders.entries()) {
      const traceId = `000000000000abc${index}`
      const parts = call(traceId)
      for (const part of order) expect(await send(parts[part])).toBe(202)
      expect(new Set(await names(traceId))).toEqual(new Set(TREE))
      const spans = (await shown(traceId)).spans
      const [server, below] = ['server', 'of server'].map((name) =>
        spans.find((span: { name: string }) => span.name === name),
      )
      expect(below.parent).toBe(server.id)
    }
  })

  it('keeps that order in a trace of many spans', async () => {
    const traceId = '000000000000abd0'
    const { client, server, ofServer } = call(traceId)
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...ofServer,
      id: (0xd00 + index).toString(16),
    }))
    expect(await send(client, ...many.slice(0, 50), server, ...many.slice(50))).toBe(202)
    const depths = (await names(traceId)).map(([, depth]) => depth)
    expect(depths).toEqual([0, 1, ...many.map(() => 2)])
  })

  it('takes ids without their leading zeros, as Zipkin does', async () => {
    const span = { traceId: 'abe', timestamp: BASE * 1000, duration: 5 }
    expect(await send({ ...span, id: '1', name: 'a' }, { ...span, id: '2', parentId: '1' })).toBe(
      202,
    )
    expect((await names('abe')).map(([, depth]) => depth)).toEqual([0, 1])
  })

  it('takes times that are strings of digits', async () => {
    await send({ traceId: 'abf', id: '1', timestamp: `${BASE * 1000}`, duration: '2000' })
    expect((await shown('abf')).trace).toMatchObject({ start: BASE, duration: 2 })
  })

  it('shows a span that came without a time when something of it happened', async () => {
    await send({
      traceId: 'ac0',
      id: '1',
      annotations: [{ timestamp: (BASE + 7) * 1000, value: 'wire' }],
    })
    expect((await shown('ac0')).trace).toMatchObject({ start: BASE + 7, duration: 0 })
  })
})
