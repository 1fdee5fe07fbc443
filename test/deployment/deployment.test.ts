import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { freePort } from '../free-port.ts'

interface Sent {
  resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[]
}

// The programs of docs/deployment.md, as processes that are told to end.

const root = resolve(__dirname, '../..')
let names: string[] = []
let collector: Server

beforeAll(async () => {
  const built = spawnSync(process.execPath, ['scripts/set-up.cjs', '--build', '--no-install'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
  collector = createServer(async (req, res) => {
    const { resourceSpans } = (await json(req)) as Sent
    for (const { scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans) names.push(...spans.map(({ name }) => name))
    res.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
}, 300_000)
beforeEach(() => {
  names = []
})
afterAll(async () => {
  collector.closeAllConnections()
  await once(collector.close(), 'close')
})

describe('A service that is told to end sends its last spans', () => {
  it('started by --import, by the signal alone', async () => {
    const { child, port } = await start('--import', '@callchain/sdk/register', 'plain.js')
    await fetch(`http://127.0.0.1:${port}/orders/7`).then((answer) => answer.text())

    expect(await end(child)).toEqual({ code: null, signal: 'SIGTERM' })
    expect(names).toContain('GET /orders/:id')
  }, 60_000)

  it('with the request that was under way', async () => {
    const { child, port } = await start('server.js')
    const answer = fetch(`http://127.0.0.1:${port}/orders/8`)
    // A second request that is answered tells that the first one has arrived.
    await fetch(`http://127.0.0.1:${port}/`)
    const ended = end(child)

    expect((await answer).status).toBe(200)
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(names).toContain('GET /orders/:id')
  }, 60_000)

  it('as the workers of a cluster', async () => {
    const { child, port } = await start('cluster.js')
    await fetch(`http://127.0.0.1:${port}/orders/7`).then((answer) => answer.text())

    expect(await end(child)).toEqual({ code: 0, signal: null })
    expect(names).toContain('GET /orders/:id')
  }, 60_000)
})

async function start(...args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort()
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const child = spawn(process.execPath, args, {
    cwd: __dirname,
    env: {
      ...inherited,
      PORT: `${port}`,
      OTEL_SERVICE_NAME: 'orders',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    },
    stdio: 'ignore',
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    if (answer !== undefined) break
    await new Promise((next) => setTimeout(next, 50))
  }
  return { child, port }
}

async function end(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  child.kill('SIGTERM')
  const [code, signal] = await once(child, 'exit')
  return { code, signal }
}
