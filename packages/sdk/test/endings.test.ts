import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { buildPackages, runApplication } from './application.ts'
import { type Answer, type Collector, startCollector } from './collector.ts'
import { decodeRequest, spansOf } from './otlp-decoder.ts'

const ENDINGS = [
  'runs out of work',
  'calls process.exit()',
  'awaits shutdown(), then calls process.exit()',
  'flushes, and calls process.exit() at once',
  'throws',
  'shuts down when it gets a signal',
  'dies by a signal',
  'dies by a signal while it shuts down',
]
// The others may end before the process has read the beginning of an answer.
const PATIENT_ENDINGS = ENDINGS.filter((ending) => /runs out|awaits|signal/.test(ending))
const SLOW_MILLIS = 300
const RECORDED = 7
// Of the process itself, on a busy machine, on top of the 1,500 that it waits at most.
const LONGEST_MILLIS = 9000

// Processes of their own start slowly on a busy machine.
jest.setTimeout(120_000)

beforeAll(buildPackages, 300_000)

const collectors: Collector[] = []

afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close()
})

/** What has come, of spans and of lines, in requests that the process saw answered. */
interface Taken {
  spans: number
  lines: number
}

/** Answers by `how`, which calls `take` when the process is told that its request was taken. */
async function collect(
  how: (response: Parameters<Answer>[0], take: () => void) => void,
): Promise<{ collector: Collector; taken: Taken }> {
  const taken: Taken = { spans: 0, lines: 0 }
  const collector = await startCollector((response, { path, headers, body }) => {
    const isSpans = path === '/v1/traces'
    const count = isSpans
      ? spansOf(decodeRequest(body, headers['content-type'])).length
      : String(body).split('"severityNumber"').length - 1
    how(response, () => {
      if (!response.destroyed) taken[isSpans ? 'spans' : 'lines'] += count
    })
  })
  collectors.push(collector)
  return { collector, taken }
}

const collectorsThat: Record<string, Parameters<typeof collect>[0]> = {
  'is slow': (response, take) => {
    setTimeout(() => {
      take()
      response.end()
    }, SLOW_MILLIS)
  },
  hangs: () => {},
  'resets the connection': (response) => response.destroy(),
  refuses: (response) => response.writeHead(400).end(),
  'asks to wait for long': (response) => response.writeHead(503, { 'retry-after': '60' }).end(),
  'answers by half, then hangs': (response, take) => {
    take()
    response.writeHead(200, { 'content-length': '2' }).write('{')
  },
  'answers by half, then hangs up': (response, take) => {
    take()
    response.writeHead(200, { 'content-length': '2' }).write('{', () => response.destroy())
  },
}

function sumOf(stderr: string, what: string): number {
  const told = stderr.matchAll(new RegExp(`(\\d+) ${what}s? (?:was|were) lost`, 'g'))
  return [...told].reduce((sum, [, count]) => sum + Number(count), 0)
}

describe.each(Object.entries(collectorsThat))('in front of a collector that %s', (name, how) => {
  const endings = /half/.test(name) ? PATIENT_ENDINGS : ENDINGS

  it('every ending delivers all spans and lines, or says how many it did not', async () => {
    const account = async (ending: string): Promise<unknown> => {
      const { collector, taken } = await collect(how)
      const app = runApplication(['ends.mjs', ending], {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
      })
      await collector.requests(2)
      app.tell('end')
      const { stderr, millis } = await app.ended
      expect(millis).toBeLessThan(LONGEST_MILLIS)
      return {
        ending,
        spans: taken.spans + sumOf(stderr, 'span'),
        lines: taken.lines + sumOf(stderr, 'log line'),
      }
    }
    const accounts = []
    for (const ending of endings) accounts.push(await account(ending))
    expect(accounts).toEqual(
      endings.map((ending) => ({ ending, spans: RECORDED, lines: RECORDED })),
    )
  })
})

describe('in front of a slow collector', () => {
  it.each(PATIENT_ENDINGS)('an application that %s loses nothing', async (ending) => {
    const { collector, taken } = await collect(collectorsThat['is slow'] ?? (() => {}))
    const app = runApplication(['ends.mjs', ending], {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    })
    await collector.requests(2)
    app.tell('end')
    expect((await app.ended).stderr).toBe('')
    expect(taken).toEqual({ spans: RECORDED, lines: RECORDED })
  })
})
