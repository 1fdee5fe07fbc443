import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { traceFetch } from '@callchain/clients/fetch'
import { tracing as traceExpress } from '@callchain/express'
import { startTracing } from '@callchain/sdk'
import { assertChain, chain, type SpanCollector, startCollector } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import { listen } from '../../src/listen.ts'

let collector: SpanCollector
let service: ChildProcess
let url = ''

beforeAll(async () => {
  collector = await startCollector()
  service = spawn(process.execPath, [join(__dirname, '../fixtures/service.cjs')], {
    env: { ...process.env, ...collector.environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [port] = (await once(service, 'message')) as [number]
  url = `http://127.0.0.1:${port}`
})

afterAll(async () => {
  service.disconnect()
  await once(service, 'exit')
  await collector.close()
})

describe('chain() with a collector', () => {
  it('waits for what a service in another process sends', async () => {
    const shown = await chain(
      ({ headers }) => fetch(`${url}/a`, { headers }).then((it) => it.text()),
      {
        collector,
      },
    )
    expect(shown.result).toBe('done')
    expect(String(shown)).toBe('GET /a  200\n  work × 3')
    assertChain(shown, { statements: 0, errors: false })
  })

  it('says that nothing arrived when the headers were not handed on', async () => {
    const lost = chain(() => fetch(`${url}/a`).then((it) => it.text()), { collector, timeout: 300 })
    await expect(lost).rejects.toThrow(
      /no span of it arrived at http:\/\/127\.0\.0\.1:\d+: check that/,
    )
  })

  it('says whose parent is missing, and draws what has arrived', async () => {
    const send = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
      fetch(`${url}/a`, { headers: { ...headers, 'x-orphan': '1' } }).then((it) => it.text())
    await expect(chain(send, { collector, timeout: 300 })).rejects.toThrow(
      "callchain: the chain was not complete after 300 ms; the parent of 'orphan' did not arrive; what has arrived:\n\n",
    )
  })

  it('says that `until` does not hold', async () => {
    const never = chain(({ headers }) => fetch(`${url}/a`, { headers }).then((it) => it.text()), {
      ...{ collector, timeout: 300 },
      until: () => false,
    })
    await expect(never).rejects.toThrow('`until` does not hold; what has arrived:\n\nGET /a  200')
  })
})

describe('chain() with a collector and a service at the edge', () => {
  it('follows the link of the trace that the service begins, and of those that link to that one', async () => {
    const tracing = startTracing({
      ...{ serviceName: 'edge', endpoint: collector.url, batch: { scheduledDelayMillis: 20 } },
    })
    const app = express()
    app.use(traceExpress({ trust: 'edge' }))
    app.get('/orders/:id', async (request, response) => {
      const { id } = request.params
      if (id !== '1') await traceFetch(fetch)(`${base}/orders/1`).then((it) => it.text())
      response.json({ id })
    })
    const server = await listen(createServer(app))
    const base = `http://127.0.0.1:${server.port}`
    try {
      const shown = await chain(
        ({ headers }) => fetch(`${base}/orders/2`, { headers }).then((it) => it.json()),
        { collector, until: ({ spans }) => spans.length === 3 },
      )
      expect(String(shown).split('\n').sort()).toEqual([
        '  GET localhost  200',
        'GET /orders/:id  200',
        'GET /orders/:id  200',
      ])
      expect(new Set(shown.spans.map(({ trace }) => trace)).size).toBe(2)
      expect(shown.spans.every(({ trace }) => trace !== shown.traceId)).toBe(true)
    } finally {
      await server.close()
      await tracing.shutdown()
    }
  })
})
