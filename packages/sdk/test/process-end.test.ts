import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { freePort } from '../../../test/free-port.ts'
import { buildPackages, runApplication } from './application.ts'
import { type Collector, closedUrl, startCollector } from './collector.ts'
import { lastMetrics } from './metrics/decode-metrics.ts'
import { decodeRequest, resourceOf, spansOf } from './otlp-decoder.ts'

const REGISTER = ['--import', '@callchain/sdk/register']
const TOO_LATE =
  'callchain: 1 span was lost: the process exited before the collector accepted them\n'
const LONGEST_EXIT_MILLIS = 8000

let collector: Collector

// Processes of their own start slowly on a busy machine.
jest.setTimeout(90_000)

beforeAll(buildPackages, 300_000)

beforeEach(async () => {
  collector = await startCollector()
})

afterEach(() => collector.close())

function toCollector(): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
}

function expectOneSpan(): void {
  const requests = collector.received.map(({ body, headers }) =>
    decodeRequest(body, headers['content-type']),
  )
  expect(requests.flatMap(spansOf).map(({ name }) => name)).toEqual(['from the app'])
  expect(requests.map((request) => resourceOf(request)['service.name'])).toEqual(['app'])
}

describe('a process that runs out of work', () => {
  it.each([
    ['--import, ESM', [...REGISTER, 'app.mjs', 'runs out of work']],
    ['--import, CommonJS', [...REGISTER, 'app.cjs']],
    ['--require, CommonJS', ['--require', '@callchain/sdk/register', 'app.cjs']],
  ])('sends its last spans and ends as it would: %s', async (_how, args) => {
    const ending = await runApplication(args, toCollector()).ended
    expect(ending).toMatchObject({ code: 0, signal: null, stderr: '' })
    expectOneSpan()
  })

  it('prints the call chains that are not complete yet', async () => {
    const variables = { OTEL_TRACES_EXPORTER: 'console' }
    const ending = await runApplication([...REGISTER, 'app.mjs', 'leaves a span open'], variables)
      .ended
    expect(ending).toMatchObject({ code: 0, stdout: '' })
    expect(ending.stderr).toMatch(/^app trace .*\nfrom the app .*\napp trace .*\ninside .*\n$/)
  })

  it.each(['calls process.exit()', 'throws'])(
    'prints what waits for other processes when it %s',
    async (what) => {
      const variables = { OTEL_TRACES_EXPORTER: 'console', CONTINUES: 'a trace' }
      const ending = await runApplication([...REGISTER, 'app.mjs', what], variables).ended
      expect(ending.stderr).toMatch(/^app trace 1{32}\nfrom the app .*\n/)
    },
  )

  it.each(['otlp', 'console'])(
    'lives on when nobody reads its stderr any more: %s',
    async (exporter) => {
      const variables = {
        OTEL_TRACES_EXPORTER: exporter,
        OTEL_EXPORTER_OTLP_ENDPOINT: await closedUrl(),
        OTEL_BSP_SCHEDULE_DELAY: '1',
      }
      const app = runApplication([...REGISTER, 'app.mjs', 'records when told'], variables)
      app.closeStderr()
      await app.says('ready')
      app.tell('record')
      expect(await app.ended).toMatchObject({ code: 0, stdout: 'ready\nrecorded\n' })
    },
  )

  it.each(['calls process.exit()', 'runs out of work'])(
    'counts what is recorded while it ends when it %s',
    async (what) => {
      await collector.close()
      collector = await startCollector(() => {})
      const variables = { ...toCollector(), RECORDS_AT_EXIT: '2' }
      const ending = await runApplication([...REGISTER, 'app.mjs', what], variables).ended
      expect(ending.stderr).toBe(TOO_LATE.repeat(3))
    },
  )

  it('shares one tracing between both copies of the package, and awaits its shutdown', async () => {
    const ending = await runApplication(['both-copies.mjs'], toCollector()).ended
    expect(ending).toMatchObject({
      code: 0,
      stdout: 'two copies: true, one tracing: true\nshut down\n',
      stderr: 'callchain: startTracing() was called again; only the first call has an effect\n',
    })
    expectOneSpan()
  })

  it.each(['runs out of work', 'exports at once'])(
    'that %s loses no time to a collector that is not there',
    async (what) => {
      const variables = {
        OTEL_EXPORTER_OTLP_ENDPOINT: await closedUrl(),
        OTEL_BSP_SCHEDULE_DELAY: '1',
      }
      const ending = await runApplication([...REGISTER, 'app.mjs', what], variables).ended
      expect(ending).toMatchObject({ code: 0, signal: null })
      expect(ending.stderr).toMatch(/^callchain: 1 span was lost: .*ECONNREFUSED.*\n$/)
      expect(ending.millis).toBeLessThan(LONGEST_EXIT_MILLIS)
    },
  )

  it.each(['runs out of work', 'exports at once'])(
    'that %s does not wait long for a collector that never answers',
    async (what) => {
      await collector.close()
      collector = await startCollector(() => {})
      const variables = { ...toCollector(), OTEL_BSP_SCHEDULE_DELAY: '1' }
      const ending = await runApplication([...REGISTER, 'app.mjs', what], variables).ended
      expect(ending).toMatchObject({ code: 0, signal: null, stderr: TOO_LATE })
      expect(ending.millis).toBeLessThan(LONGEST_EXIT_MILLIS)
    },
  )
})

describe('a process that is told to end', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'sends its last spans and dies by %s when it does not handle it',
    async (signal) => {
      const app = runApplication([...REGISTER, 'app.mjs', 'waits for signals'], toCollector())
      await app.says('ready')
      app.kill(signal)
      expect(await app.ended).toMatchObject({ code: null, signal, stderr: '' })
      expectOneSpan()
    },
  )

  it('sends its last spans and is left alone when it handles the signal', async () => {
    const app = runApplication([...REGISTER, 'app.mjs', 'handles signals'], toCollector())
    await app.says('ready')
    app.kill('SIGTERM')
    await collector.requests(1)
    await app.says('handled')
    app.tell('end')
    expect(await app.ended).toMatchObject({ code: 7, signal: null, stdout: 'ready\nhandled\n' })
    expectOneSpan()
  })

  it('dies by the signal next to signal-exit, which waits to be the last', async () => {
    const app = runApplication([...REGISTER, 'app.mjs', 'uses signal-exit'], toCollector())
    await app.says('ready')
    app.kill('SIGTERM')
    expect(await app.ended).toMatchObject({
      code: null,
      signal: 'SIGTERM',
      stdout: 'ready\nhandled\n',
    })
    expectOneSpan()
  })

  it('dies by the signal next to another major version of this package', async () => {
    const app = runApplication(
      [...REGISTER, 'app.mjs', 'waits next to another major'],
      toCollector(),
    )
    await app.says('ready')
    app.kill('SIGTERM')
    expect(await app.ended).toMatchObject({
      code: null,
      signal: 'SIGTERM',
      stdout: 'ready\nflushed\n',
    })
    expectOneSpan()
  })

  it('dies by the signal within a bounded time when the collector never answers', async () => {
    await collector.close()
    collector = await startCollector(() => {})
    const app = runApplication([...REGISTER, 'app.mjs', 'waits for signals'], toCollector())
    await app.says('ready')
    app.kill('SIGTERM')
    const ending = await app.ended
    expect(ending).toMatchObject({ code: null, signal: 'SIGTERM', stderr: TOO_LATE })
    expect(ending.millis).toBeLessThan(LONGEST_EXIT_MILLIS)
  })
})

describe('a process with metrics', () => {
  const variables = () => ({
    ...toCollector(),
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
  })
  const exported = (): unknown[] =>
    lastMetrics(collector)('otel.sdk.exporter.span.exported').map(({ value }) => value)

  it('sends them last when it runs out of work, with what became of its spans', async () => {
    const args = [...REGISTER, 'app.mjs', 'runs out of work']
    expect(await runApplication(args, variables()).ended).toMatchObject({ code: 0, stderr: '' })
    expect(exported()).toEqual([1])
  })

  it('sends them when a signal ends it', async () => {
    const app = runApplication([...REGISTER, 'app.mjs', 'waits for signals'], variables())
    await app.says('ready')
    app.kill('SIGTERM')
    expect(await app.ended).toMatchObject({ signal: 'SIGTERM', stderr: '' })
    expect(exported()).toEqual([1])
  })

  it('is not kept alive by the Prometheus endpoint', async () => {
    const asked = {
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
    }
    const args = [...REGISTER, 'app.mjs', 'runs out of work']
    const ending = await runApplication(args, { ...toCollector(), ...asked }).ended
    expect(ending).toMatchObject({ code: 0, stderr: '' })
    expectOneSpan()
  })

  it('loads nothing for them where nobody asked', async () => {
    const loaded = async (more: Record<string, string>): Promise<string[]> => {
      const args = [...REGISTER, 'loaded.cjs']
      const { stdout } = await runApplication(args, { ...toCollector(), ...more }).ended
      return JSON.parse(stdout)
    }
    const without = await loaded({})
    expect(without.filter((file) => /sdk-metrics|prometheus|resources/.test(file))).toEqual([])
    const asked = await loaded({ OTEL_METRICS_EXPORTER: 'otlp' })
    expect(asked.filter((file) => /sdk-metrics/.test(file)).length).toBeGreaterThan(5)
  })
})
