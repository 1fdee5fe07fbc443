import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { buildClients } from './build-clients.ts'

const run = promisify(execFile)

interface Outcome {
  readonly spans: { scope: string; spanId: string; status?: number; error?: string }[]
  readonly received: { traceparent?: string[]; baggage?: string[] }[]
  readonly open: number
  readonly measured: number
}

// Other instrumentations hook into require(), which a test runner has taken over: hence a process of
// its own, which can run built packages alone.
beforeAll(buildClients, 300_000)

const clients = ['fetch', 'undici', 'axios', 'agent', 'got', 'ky']
const cases = clients.flatMap((client) => [
  [client, 'before'],
  [client, 'after'],
])

describe('next to the HTTP and undici instrumentations of OpenTelemetry', () => {
  it.each(cases)(
    '%s has one CLIENT span, which ends, and one set of headers for each hop and where it is called off, as we decide, the instrumentations loaded %s',
    async (client, order) => {
      const fixture = join(__dirname, 'fixtures/traced-by-others.mjs')
      const { stdout } = await run(process.execPath, [fixture, String(client), String(order)])
      const { spans, received, open, measured }: Outcome = JSON.parse(stdout)

      expect(spans.map(({ status }) => status)).toEqual([302, 200, undefined])
      expect(received.map(({ traceparent }) => traceparent)).toEqual(
        spans.map(({ spanId }) => [expect.stringContaining(spanId)]),
      )
      expect(received.map(({ baggage }) => baggage)).toEqual([
        ['tenant.id=acme,color=red'],
        undefined,
        ['tenant.id=acme,color=red'],
      ])
      const [, , calledOff] = spans
      if (calledOff?.scope === '@callchain/core') expect(calledOff.error).toBeUndefined()
      expect(open).toBe(0)
      // Each attempt once, by them or by us.
      expect(measured).toBe(3)
    },
    180_000,
  )
})
