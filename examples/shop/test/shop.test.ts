import { readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { dirname } from 'node:path'
import { startViewer, type Viewer } from '@callchain/viewer'
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { spansOf } from '../runner/spans.js'
import { close, listen } from '../service/listen.js'
import { buildPackages, portsIn, type Run, released, runShop } from './run-shop.ts'

jest.setTimeout(300_000)

const runs = new Set<Run>()
const servers = new Set<Server>()
const viewers = new Set<Viewer>()
const services = ['gateway', 'inventory', 'orders', 'shipping']
function shop(
  args: string[],
  environment?: NodeJS.ProcessEnv,
  command?: readonly [string, ...string[]],
): Run {
  const run = runShop(args, environment, command)
  runs.add(run)
  return run
}

beforeAll(buildPackages)

afterEach(async () => {
  for (const run of runs) {
    run.child.kill('SIGTERM')
    await run.ended
    rmSync(dirname(run.logs), { recursive: true, force: true })
  }
  runs.clear()
  for (const server of servers) await close(server)
  servers.clear()
  for (const viewer of viewers) await viewer.close()
  viewers.clear()
})

describe('npm start -- --once', () => {
  it('shows a complete chain of every kind of order, and sends every span on', async () => {
    const collector = await startCollector()
    const run = shop(['--once'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint })
    expect(await run.ended).toBe(0)
    const [, ok = '', rejected = '', failed = '', retried = '', slow = ''] = run
      .output()
      .split(/^(?:ok|rejected|failed|retried|slow) — .*\n/m)
    for (const [chain, status] of [
      [ok, 201],
      [rejected, 409],
      [failed, 500],
      [retried, 201],
      [slow, 201],
    ] as const) {
      expect(chain).toMatch(new RegExp(`^POST /orders {2}${status} {2}(acme|globex) · `))
      expect(chain).toMatch(/^gateway +└ POST → orders/m)
      expect(chain).toMatch(/^orders +[├└] POST → inventory/m)
      expect(chain).toMatch(/^inventory +│? +└ POST \/reservations/m)
      expect(/^orders +└ send shipments/m.test(chain)).toBe(status === 201)
      expect(/^shipping +└ INSERT shipment/m.test(chain)).toBe(status === 201)
    }
    expect(retried).toMatch(
      /^shipping +├ process shipments .*✖ CarrierRefused\n.*takes no mirrors\nshipping +└ process shipments/m,
    )
    expect(failed).toMatch(/^inventory .*UPDATE.*✖ 23514$/m)
    expect(slow).toMatch(/^inventory .*SELECT.*◀ slow$/m)
    expect(slow).toContain('SELECT available FROM stock_level WHERE sku = $1')
    expect(slow).toMatch(
      /^[\d:.]+ {2}inventory {2}info +stock set aside .*\n[\d:.]+ {2}orders +info +order accepted .*\n[\d:.]+ {2}gateway +info +order answered .*\n[\d:.]+ {2}shipping +info +order shipped/m,
    )
    expect(run.output()).toContain('Every chain is complete')
    expectLogsOf(run)
    expect([...collector.services].toSorted()).toEqual(services)
  })

  it.each([
    { OTEL_TRACES_EXPORTER: 'none', OTEL_SDK_DISABLED: 'true' },
    {
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_PROPAGATORS: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  ])('shows its chains whatever is set for other services: %j', async (variables) => {
    const collector = await startCollector()
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }
    const run = shop(['--once'], { ...endpoint, ...variables })
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain('Every chain is complete')
    expect([...collector.services]).toEqual([])
  })

  it('sends to the Zipkin that is set for other services, and shows its chains all the same', async () => {
    const zipkin = await startZipkin()
    const variables = {
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${zipkin.endpoint}/api/v2/spans`,
    }
    const run = shop(['--once'], variables)
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain('Every chain is complete')
    expect([...zipkin.services].toSorted()).toEqual(services)
  })

  it('sends to a viewer that runs, and says so; starts none', async () => {
    const viewer = await startViewer({ port: 0 })
    viewers.add(viewer)
    const run = shop(['--once'], { PORT_VIEWER: String(viewer.port) })
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain(`in the viewer: ${viewer.url}  (it runs already)\n`)
    const shown = [...run.output().matchAll(/^POST .* trace (\w{32})$/gm)].map(([, id]) => id)
    const { traces } = await read(`${viewer.url}/api/local/traces`)
    expect(traces.map(({ id }) => id)).toEqual(expect.arrayContaining(shown))
    expect(shown).toHaveLength(5)
    await expectRetriedShipment(viewer)
    const alone = shop(['--once'])
    expect(await alone.ended).toBe(0)
    expect(alone.output()).not.toContain('viewer')
  })

  it('takes the viewer that OTEL_EXPORTER_OTLP_ENDPOINT names for its own, and sends to it once', async () => {
    const viewer = await startViewer({ port: 0 })
    viewers.add(viewer)
    const run = shop(['--once'], { OTEL_EXPORTER_OTLP_ENDPOINT: viewer.url })
    expect(await run.ended).toBe(0)
    expect(run.output()).toContain(`in the viewer: ${viewer.url}  (it runs already)\n`)
    expect((await read(`${viewer.url}/api/local/stats`)).lost.duplicates).toBe(0)
  })

  it('ends badly when the trace breaks between services', async () => {
    const fixture = new URL('./fixtures/lose-trace.js', import.meta.url)
    const run = shop(['--once'], {
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${fixture}`,
    })
    expect(await run.ended).toBe(1)
    expect(run.output()).toContain('The ok order fell apart into 3 traces.')
  })

  it('says in one sentence why a service did not start, and stops the others', async () => {
    const taken = createServer()
    servers.add(taken)
    const port = await listen(taken, 0)
    const run = shop(['--once'], { PORT_ORDERS: String(port) })
    expect(await run.ended).toBe(1)
    expect(run.output()).toContain(
      `\norders did not start: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    )
  })
})

describe('npm start', () => {
  it('shows chains until it is interrupted, and leaves nothing behind', async () => {
    const run = shop([])
    await run.said('acme · ada')
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    const ports = portsIn(run.output())
    expect(ports).toHaveLength(6)
    for (const port of ports) await released(port)
    expect(run.output()).not.toContain('unknown caller')
  })

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGHUP', 'SIGKILL'])(
    'run by npm, ends all that it has started when npm gets %s',
    async (signal) => {
      const run = shop([], {}, ['npm', 'start', '--'])
      await run.said('Ctrl-C stops everything')
      run.child.kill(signal)
      await run.ended
      const ports = portsIn(run.output())
      expect(ports).toHaveLength(6)
      for (const port of ports) await released(port)
    },
  )

  it('starts the viewer, prints its address, and shows each chain with its log lines there', async () => {
    const run = shop([])
    await run.said('/traces/')
    const [, url = ''] = /See every order in the viewer: (\S+)$/m.exec(run.output()) ?? []
    const [, trace = ''] = /^POST .* trace (\w{32})$/m.exec(run.output()) ?? []
    expect(run.output()).toContain(`${url}/traces/${trace}\n`)
    expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/html/)
    await until(async () => {
      const { logs } = await read(`${url}/api/local/traces/${trace}/logs`)
      return new Set(logs.map(({ service }) => service)).size === services.length
    })
    // The shop shows a chain as soon as it has it whole, and the viewer gets the last spans after that.
    let summary: ViewerAnswer['trace']
    await until(async () => {
      summary = (await read(`${url}/api/local/traces/${trace}`)).trace
      return summary?.services.length === services.length && summary.orphans === 0
    })
    expect(summary).toMatchObject({ tenants: ['acme'], users: ['ada'] })
    expect(summary?.services.map(({ name }) => name).toSorted()).toEqual(services)
  })

  it('takes another port where another program has the viewer’s, and says so', async () => {
    const taken = createServer((_, response) => response.end('hello'))
    servers.add(taken)
    const port = await listen(taken, 0)
    const run = shop([], { PORT_VIEWER: String(port) })
    await run.said('Ctrl-C stops everything')
    const [, url = ''] =
      /viewer: (\S+) {2}\(port \d+ is taken by another program\)$/m.exec(run.output()) ?? []
    expect(await read(`${url}/health`)).toMatchObject({ name: 'callchain' })
    expect(url).not.toContain(String(port))
  })

  it('leaves no process behind when it is killed itself', async () => {
    const run = shop([])
    await run.said('Ctrl-C stops everything')
    run.child.kill('SIGKILL')
    expect(await run.ended).toBe('SIGKILL')
    for (const port of portsIn(run.output())) await released(port)
  })
})

/** What a test reads of the viewer's answers. */
interface ViewerAnswer {
  logs: { service: string }[]
  traces: { id: string }[]
  spans: { id: string; parent?: string; name: string; kind: string; status: string }[]
  trace?: { services: { name: string }[]; orphans: number }
  lost: { duplicates: number }
}

/** Searching by tenant and queue finds request, message, the failed job and its retry in one trace. */
async function expectRetriedShipment({ url }: Viewer): Promise<void> {
  const query = encodeURIComponent('tenant=acme queue:shipments error.type=CarrierRefused')
  const { traces } = await read(`${url}/api/local/traces?q=${query}`)
  expect(traces).toHaveLength(1)
  const { spans } = await read(`${url}/api/local/traces/${traces[0]?.id}`)
  const request = spans.find(({ name, kind }) => name === 'POST /orders' && kind === 'server')
  const [message, ...others] = spans.filter(({ kind }) => kind === 'producer')
  const jobs = spans.filter(({ kind }) => kind === 'consumer')
  expect([request?.name, message?.name, others]).toEqual(['POST /orders', 'send shipments', []])
  for (const job of jobs)
    expect(job).toMatchObject({
      name: 'process shipments',
      parent: message?.id,
      attributes: { 'tenant.id': 'acme', 'messaging.destination.name': 'shipments' },
    })
  expect(jobs.map(({ status }) => status)).toEqual(['error', 'unset'])
}

async function read(url: string): Promise<ViewerAnswer> {
  return (await (await fetch(url)).json()) as ViewerAnswer
}

/** Asks again until it is so; the test's own time limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** A collector of the user's, which notes the services whose spans it gets. */
interface Backend {
  readonly endpoint: string
  /** Those whose spans it was sent. */
  readonly services: Set<string>
}

function startCollector(): Promise<Backend> {
  return startBackend((body) => spansOf(body).map(({ service }) => service))
}

function startZipkin(): Promise<Backend> {
  return startBackend((body) => body.map((span: ZipkinSpan) => span.localEndpoint.serviceName))
}

interface ZipkinSpan {
  readonly localEndpoint: { readonly serviceName: string }
}

async function startBackend(
  servicesIn: (body: ReturnType<typeof JSON.parse>) => string[],
): Promise<Backend> {
  const services = new Set<string>()
  const collector = createServer(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(404).end()
    const body = Buffer.concat(await request.toArray()).toString()
    for (const service of servicesIn(JSON.parse(body))) services.add(service)
    response.end('{}')
  })
  servers.add(collector)
  return { endpoint: `http://127.0.0.1:${await listen(collector, 0)}`, services }
}

/** Every service has said something about every chain shown, for the same tenant and user. */
function expectLogsOf(run: Run): void {
  const lines = readFileSync(run.logs, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const chains = [...run.output().matchAll(/^POST .* {2}(\d+) {2}(\w+) · (\w+) +trace (\w{32})$/gm)]
  expect(chains).toHaveLength(5)
  for (const [, status, tenant, user, trace] of chains) {
    const own = lines.filter((line) => line.trace_id === trace)
    const shipped = status === '201' ? ['shipping'] : []
    expect(new Set(own.map((line) => line.service))).toEqual(
      new Set(['gateway', 'orders', 'inventory', ...shipped]),
    )
    for (const line of own) {
      expect(line).toMatchObject({ tenant_id: tenant, user_id: user })
      expect(line.span_id).toMatch(/^[0-9a-f]{16}$/)
    }
  }
}
