import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createKeepToken } from '../../src/index.ts'
import { type Application, buildPackages, runApplication } from '../application.ts'
import { type Collector, startCollector } from '../collector.ts'

interface KeptSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly kept: unknown
}

const running: Application[] = []
let collector: Collector

beforeAll(async () => {
  await buildPackages()
  collector = await startCollector()
}, 300_000)

afterAll(async () => {
  for (const one of running) one.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  await collector.close()
})

async function startService(
  name: string,
  variables: Record<string, string> = {},
  file = 'keeping-service.mjs',
): Promise<string> {
  const application = runApplication([file], {
    OTEL_SERVICE_NAME: name,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...variables,
  })
  running.push(application)
  return application.saysLine()
}

/** gateway → orders → pricing, then inventory. */
async function startChain(variables: Record<string, string> = {}): Promise<string> {
  const pricing = await startService('pricing', variables)
  const inventory = await startService('inventory', variables)
  const orders = await startService('orders', { NEXT: `${pricing},${inventory}`, ...variables })
  return startService('gateway', { NEXT: orders, ...variables })
}

/** The same, with gRPC between the services. */
async function startGrpcChain(variables: Record<string, string> = {}): Promise<string> {
  const start = (name: string, own: Record<string, string> = {}): Promise<string> =>
    startService(name, { ...variables, ...own }, 'keeping-grpc-service.mjs')
  const pricing = await start('pricing')
  const inventory = await start('inventory')
  const orders = await start('orders', { NEXT: `${pricing},${inventory}` })
  return start('gateway', { NEXT: orders, ENTRY: 'http' })
}

function spans(): KeptSpan[] {
  return collector.received.flatMap(({ body }) =>
    JSON.parse(String(body)).resourceSpans.flatMap((one: ResourceSpans) => {
      const service = attributeOf(one.resource.attributes, 'service.name')
      return one.scopeSpans.flatMap((scope) =>
        scope.spans.map(({ name, traceId, attributes = [] }) => ({
          service: String(service),
          name,
          traceId,
          kept: attributeOf(attributes, 'callchain.kept'),
        })),
      )
    }),
  )
}

interface ResourceSpans {
  resource: { attributes: Attribute[] }
  scopeSpans: { spans: { name: string; traceId: string; attributes?: Attribute[] }[] }[]
}

interface Attribute {
  key: string
  value: { stringValue?: string }
}

function attributeOf(attributes: Attribute[], key: string): unknown {
  return attributes.find((one) => one.key === key)?.value.stringValue
}

/** Waits for what is sent until it is as wanted. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await collector.requests(collector.received.length + 1)
}

function roots(): string[] {
  return spans()
    .filter(({ kept }) => kept !== undefined)
    .map(({ service, kept }) => `${service}: ${String(kept)}`)
    .sort()
}

describe('a chain of services', () => {
  it('is kept from the entry to the statement that failed, though every answer was a 200', async () => {
    collector.received.length = 0
    const gateway = await startChain()
    for (let count = 0; count < 5; count++) await (await fetch(gateway)).text()
    await (await fetch(`${gateway}/?fail=inventory`)).text()
    await until(() => roots().length === 3)
    expect(roots()).toEqual(['gateway: callee', 'inventory: failed', 'orders: callee'])
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1)
    // What was called before anything failed has been let go; nothing else was sent.
    expect(spans().filter(({ service }) => service === 'pricing')).toEqual([])
  }, 60_000)

  it('is whole, once the services that are remembered have heard of it', async () => {
    collector.received.length = 0
    const gateway = await startChain({ REMEMBER: '10s' })
    await (await fetch(`${gateway}/?fail=inventory`)).text()
    // Ordinary traffic carries the rumour.
    await (await fetch(gateway)).text()
    await until(() => roots().length === 4)
    expect(roots()).toEqual([
      'gateway: callee',
      'inventory: failed',
      'orders: callee',
      'pricing: late',
    ])
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1)
  }, 60_000)

  it('is kept and whole as well where its services speak gRPC', async () => {
    collector.received.length = 0
    const gateway = await startGrpcChain({ REMEMBER: '10s' })
    await (await fetch(`${gateway}/?fail=inventory`)).text()
    await until(() => roots().length >= 3)
    expect(roots().slice(0, 3)).toEqual(['gateway: callee', 'inventory: failed', 'orders: callee'])
    await (await fetch(gateway)).text()
    await until(() => roots().length === 4)
    expect(roots()[3]).toBe('pricing: late')
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1)
  }, 60_000)

  it('tells a caller of ours, next to what the application says, and a stranger nothing', async () => {
    const inside = await startService('inside')
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00`
    const ours = await fetch(`${inside}/?fail=inside`, { headers: { traceparent } })
    expect(ours.headers.get('server-timing')).toMatch(
      new RegExp(`^app;dur=1, trace;desc=00-${'ab'.repeat(16)}-[0-9a-f]{16}-01$`),
    )
    const edge = await startService('edge', { TRUST: 'edge', REMEMBER: '10s' })
    for (let count = 0; count < 2; count++) {
      const strange = await fetch(`${edge}/?fail=edge`, { headers: { traceparent } })
      expect(strange.headers.get('server-timing')).toBe('app;dur=1')
      expect(strange.headers.get('callchain-kept')).toBeNull()
    }
  }, 60_000)

  it('is kept for a stranger with a token, and for nobody without the key', async () => {
    collector.received.length = 0
    const key = 'a secret of all services'
    const variables = { FORCE_KEY: key, TRUST: 'edge' }
    const entry = await startService('entry', variables)
    const ask = async (token: string): Promise<void> => {
      await (await fetch(entry, { headers: { 'callchain-keep': token } })).text()
    }
    await ask(createKeepToken('another secret of some length'))
    await ask('99999999999.00')
    await ask(createKeepToken(key))
    await until(() => roots().includes('entry: forced'))
    // Another service may still send what it had.
    expect(roots().filter((root) => root.startsWith('entry'))).toEqual(['entry: forced'])
    expect(spans().filter(({ service }) => service === 'entry')).toHaveLength(2)
  }, 60_000)
})
