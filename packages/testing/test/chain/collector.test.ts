import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { assertChain, chain, type SpanCollector, startCollector } from '@callchain/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

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
})
