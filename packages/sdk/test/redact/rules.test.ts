import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { RedactOptions, StartTracingOptions } from '../../src/index.ts'
import { createKeyRules } from '../../src/redact/key-rules.ts'
import { createRedaction } from '../../src/redact/redaction.ts'
import { type Collector, startCollector } from '../collector.ts'
import { said, start } from '../tracing-session.ts'

let collector: Collector | undefined

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

interface SentSpan {
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[]
}

/** The only span that was sent, and its attributes by key. */
async function sent(
  redact: RedactOptions | false | undefined,
  work: () => void,
  variables: Record<string, string> = {},
): Promise<{ name: string; attributes: Record<string, unknown> }> {
  collector = await startCollector()
  const options: StartTracingOptions = { endpoint: collector.url, protocol: 'http/json' }
  const tracing = start({ ...options, ...(redact !== undefined && { redact }) }, variables)
  work()
  await tracing.flush()
  const body = JSON.parse(String(collector.received[0]?.body))
  const span: SentSpan = body.resourceSpans[0].scopeSpans[0].spans[0]
  const attributes = span.attributes.map(({ key, value }) => [key, Object.values(value ?? {})[0]])
  return { name: span.name, attributes: Object.fromEntries(attributes) }
}

function span(attributes: Record<string, unknown>, name = 'work'): () => void {
  return () =>
    trace
      .getTracer('test')
      .startSpan(name, { attributes: attributes as never })
      .end()
}

describe('the rules for keys', () => {
  it('mask what is called a secret unless told otherwise, in any case', async () => {
    const given = { 'User.Password': 'x', client_secret: 7, 'http.request.header.cookie': ['a=b'] }
    const { attributes } = await sent(undefined, span({ ...given, 'order.id': 'x' }))
    expect(attributes).toEqual({
      'User.Password': 'REDACTED',
      client_secret: 'REDACTED',
      'http.request.header.cookie': { values: [{ stringValue: 'REDACTED' }] },
      'order.id': 'x',
    })
  })

  it('keep, mask, drop and hash; the hash is that of an identity field', async () => {
    const keys = { 'a.*': 'drop', 'b.*': 'mask', 'user.id': 'hash', 'my.password': 'keep' } as const
    const given = { 'a.x': 1, 'b.x': true, 'user.id': 'ada', 'my.password': 'open', c: 'c' }
    const { attributes } = await sent({ keys, hashKey: 'k' }, span(given))
    const hash = createHmac('sha256', 'k').update('ada').digest('hex')
    const left = { 'b.x': 'REDACTED', 'user.id': hash, 'my.password': 'open', c: 'c' }
    expect(attributes).toEqual(left)
  })

  it('take a key that is written out first, then the first pattern', () => {
    const decide = createKeyRules({ '*.id': 'drop', 'order.*': 'mask', 'order.id': 'keep' })
    const actions = ['order.id', 'user.id', 'order.no', 'secret.id', 'x'].map(
      (key) => decide(key).action,
    )
    expect(actions).toEqual(['keep', 'drop', 'mask', 'drop', 'scan'])
  })

  it.each([
    ['*password*', 'password', true],
    ['*a*b*', 'xaxbx', true],
    ['*a*b', 'ab', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['a.b', 'aXb', false],
    ['*', 'anything', true],
    ['**x', 'x', true],
  ])('%s for %s: %s', (pattern, key, expected) => {
    expect(createKeyRules({ [pattern]: 'drop' })(key).action === 'drop').toBe(expected)
  })
})

describe('a function of the application', () => {
  it('is called with each text that is left and its key, and may take it away', async () => {
    const keys: string[] = []
    const custom = (text: string, key: string): string | undefined => {
      keys.push(key)
      return key === 'gone' ? undefined : text.replace('CASE-1', '(case)')
    }
    const given = { gone: 'x', note: 'CASE-1', password: 'never seen' }
    const { name, attributes } = await sent({ custom }, span(given, 'work CASE-1'))
    expect(name).toBe('work (case)')
    expect(attributes).toEqual({ note: '(case)', password: 'REDACTED' })
    expect(keys).toEqual(expect.arrayContaining(['span.name', 'scope', 'gone', 'note']))
    expect(keys).not.toContain('password')
  })

  it('that throws, or gives nonsense, hides the text and ends nothing', async () => {
    const custom = (text: string, key: string): string => {
      if (key === 'note') throw new Error('broken')
      return key === 'other' ? (7 as never) : text
    }
    const { attributes } = await sent({ custom }, span({ note: 'x', other: 'y', fine: 'z' }))
    expect(attributes).toEqual({ note: 'REDACTED', other: 'REDACTED', fine: 'z' })
    expect(said().join('')).toMatch(/custom of redact of this application failed/)
  })
})

describe('redaction', () => {
  it('gives a span in which nothing is secret on as it is', () => {
    const settings = { keys: {}, shapes: [], queryNames: [], hashKey: undefined, dryRun: false }
    const redaction = createRedaction(settings)
    const context = { traceId: '1', spanId: '2', traceFlags: 1 }
    const record = { name: 'a', scope: { name: 's' }, status: { code: 0 }, kind: 0 }
    const whole = { ...record, spanContext: () => context } as never
    expect(redaction.record(whole)).toBe(whole)
  })

  it('looks at each trace state anew, also after one that had nothing in it', () => {
    const settings = { keys: {}, shapes: [], queryNames: [], hashKey: undefined, dryRun: false }
    const redaction = createRedaction(settings)
    const stateOf = (state: string): string | undefined => {
      const traceState = { serialize: () => state }
      const record = { name: 'a', scope: { name: 's' }, status: { code: 0 }, kind: 0 }
      const context = { traceId: '1', spanId: '2', traceFlags: 1, traceState }
      const span = { ...record, spanContext: () => context } as never
      return redaction.record(span).spanContext().traceState?.serialize()
    }
    const secret = 'rojo=1,password=hunter2'
    expect(['rojo=1', secret, 'rojo=1', 'rojo=1', secret].map(stateOf)).toEqual([
      ...['rojo=1', 'rojo=1', 'rojo=1', 'rojo=1', 'rojo=1'],
    ])
  })

  it('says once that the name of a span holds a secret', async () => {
    const { name } = await sent(undefined, () => {
      span({}, 'login password=one')()
      span({}, 'login password=two')()
    })
    expect(name).toBe('login password=REDACTED')
    expect(said().filter((line) => line.includes('the name of a span'))).toHaveLength(1)
    expect(said().join('')).not.toContain('=one')
  })

  it('counts what it strikes out by rule, and with dryRun does no more than that', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 })
    const provider = new MeterProvider({ readers: [reader] })
    metrics.setGlobalMeterProvider(provider)
    const { attributes } = await sent(
      { dryRun: true },
      span({ password: 'x', note: 'Bearer a1b2c3' }),
    )
    expect(attributes).toEqual({ password: 'x', note: 'Bearer a1b2c3' })
    await reader.forceFlush()
    const points = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === 'callchain.redacted')
      .flatMap(({ dataPoints }) => dataPoints.map((point) => [point.attributes.rule, point.value]))
    await provider.shutdown()
    metrics.disable()
    expect(points).toEqual([
      ['*password*', 1],
      ['bearer', 1],
    ])
  })

  it('is set by variables, which cannot hash without a key', async () => {
    const { attributes } = await sent(undefined, span({ a: 'x', b: 'x', c: '4111111111111111' }), {
      CALLCHAIN_REDACT_KEYS: 'a=drop,b=hash',
      CALLCHAIN_REDACT_SHAPES: 'card',
    })
    expect(attributes).toEqual({ b: 'REDACTED', c: 'REDACTED' })
    expect(said().join('')).toContain('b of CALLCHAIN_REDACT_KEYS="hash" is not possible without')
  })

  it('is switched off by a variable', async () => {
    const variables = { CALLCHAIN_REDACT: 'false' }
    const { attributes } = await sent(undefined, span({ password: 'x' }), variables)
    expect(attributes).toEqual({ password: 'x' })
  })

  it.each([
    [{ redact: true }, /redact of startTracing\(\) cannot be true; allowed: false, or an object/],
    [{ redact: { key: {} } }, /no option 'redact\.key'; did you mean 'redact\.keys'/],
    [{ redact: { keys: { a: 'hide' } } }, /'keep', 'mask', 'drop', 'hash'/],
    [{ redact: { shapes: ['visa'] } }, /redact\.shapes of startTracing\(\)/],
    [{ redact: { keys: { a: 'hash' } } }, /"a"\] of startTracing\(\) is 'hash', which needs/],
    [{ redact: { hashKey: '' } }, /redact\.hashKey/],
    [{ redact: { custom: async () => 'x' } }, /a synchronous function/],
  ])('refuses %j when tracing starts', (options, message) => {
    expect(() => start(options as never)).toThrow(message)
  })
})
