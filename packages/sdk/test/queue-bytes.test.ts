import { emitLogLine } from '@callchain/core/internal'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { estimateValue } from '../src/export/estimate-bytes.ts'
import { type Answer, type Collector, startCollector } from './collector.ts'
import { said, start } from './tracing-session.ts'

const MEGABYTE = 1024 * 1024
// Two bytes a character, as objects in memory.
const document = 'x'.repeat(MEGABYTE / 2)
/** What fills a megabyte in each encoding: protobuf is made when a span ends, JSON when it is sent. */
const DOCUMENTS = { 'http/protobuf': 'x'.repeat(MEGABYTE), 'http/json': document } as const
const PROTOCOLS = ['http/protobuf', 'http/json'] as const

let collector: Collector | undefined

async function listen(answer?: Answer): Promise<string> {
  collector = await startCollector(answer)
  return collector.url
}

afterEach(async () => {
  await collector?.close()
  collector = undefined
})

/** Records spans of a megabyte each, in each of the places where a span can hold it. */
function recordLarge(count: number, protocol: keyof typeof DOCUMENTS = 'http/protobuf'): void {
  const document = DOCUMENTS[protocol]
  const tracer = trace.getTracer('test')
  for (let index = 0; index < count; index++) {
    const span = tracer.startSpan('a')
    if (index % 3 === 0) span.setAttribute('document', document)
    else if (index % 3 === 1) span.setAttribute('documents', ['', document])
    else span.addEvent('b', { document })
    span.end()
  }
}

function throwing(text: string): object {
  return {
    get broken(): never {
      throw new Error('no')
    },
    text,
  }
}

function lostIn(lines: readonly string[], what: string): number {
  const counts = lines.map((line) => new RegExp(`(\\d+) ${what}s? w`).exec(line)?.[1] ?? 0)
  return counts.reduce<number>((sum, count) => sum + Number(count), 0)
}

describe('the queue', () => {
  it.each(PROTOCOLS)(
    'holds no more than 32 MiB of %s, and says what did not fit',
    async (protocol) => {
      const endpoint = await listen()
      const tracing = start({ endpoint, serviceName: 'a', protocol })
      recordLarge(40, protocol)
      await tracing.shutdown()
      expect(said()).toEqual([
        'callchain: 9 spans were lost: the queue of 33554432 bytes is full\n',
      ])
    },
  )

  it.each([
    [{ maxQueueBytes: 5.5 * MEGABYTE }, {}],
    [{}, { CALLCHAIN_MAX_QUEUE_BYTES: String(5.5 * MEGABYTE) }],
    [{ maxQueueBytes: 5.5 * MEGABYTE }, { CALLCHAIN_MAX_QUEUE_BYTES: '1' }],
  ])('is bounded by %j and %j, also while an export is under way', async (batch, variables) => {
    const endpoint = await listen(() => {})
    const tracing = start({ endpoint, serviceName: 'a', batch, exitTimeoutMillis: 50 }, variables)
    recordLarge(3)
    void tracing.flush()
    recordLarge(4)
    await tracing.shutdown()
    expect(lostIn(said(), 'span')).toBe(7)
    expect(said()[0]).toMatch(
      /^callchain: 7 spans were lost: the collector did not accept them within/,
    )
  })

  it('is bounded for log lines as well, as text and as fields, of its own', async () => {
    const endpoint = await listen()
    const batch = { maxQueueBytes: 5.5 * MEGABYTE }
    const tracing = start({ endpoint, serviceName: 'a', logs: 'otlp', batch })
    for (let count = 0; count < 4; count++) {
      emitLogLine({ context: ROOT_CONTEXT, line: JSON.stringify({ msg: document }) })
      emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'a', deep: { list: [{ document }] } } })
    }
    await tracing.shutdown()
    expect(said()).toEqual([
      'callchain: 3 log lines were lost: the queue of 5767168 bytes is full\n',
    ])
  })

  it.each([
    ['http/protobuf', 12],
    ['http/json', 4],
  ] as const)(
    'goes out as %s in requests of a size that collectors take',
    async (protocol, requests) => {
      const endpoint = await listen()
      const tracing = start({ endpoint, serviceName: 'a', protocol })
      recordLarge(12, protocol)
      await tracing.shutdown()
      expect(said()).toEqual([])
      const sizes = collector?.received.map(({ body }) => body.length) ?? []
      expect(sizes).toHaveLength(requests)
      expect(Math.max(...sizes)).toBeLessThan(4 * MEGABYTE)
    },
  )

  it('refuses bounds that are none', async () => {
    const call = () => start({ serviceName: 'a', batch: { maxQueueBytes: 0 } })
    expect(call).toThrow(
      /maxQueueBytes of startTracing\(\) cannot be 0; allowed: a whole number of 1/,
    )
    start({ serviceName: 'a' }, { CALLCHAIN_MAX_QUEUE_BYTES: '32MB' })
    expect(said()).toEqual([
      'callchain: CALLCHAIN_MAX_QUEUE_BYTES="32MB" is not a whole number of 1 or more; using 33554432\n',
    ])
  })
})

describe('the estimate of a value', () => {
  it('survives cycles, getters that throw, and objects of any size', () => {
    const cycle: Record<string, unknown> = { text: 'x'.repeat(1000) }
    cycle.self = cycle
    expect(estimateValue(cycle)).toBeLessThan(4000)
    const hostile = {
      get broken(): never {
        throw new Error('no')
      },
    }
    expect(estimateValue(hostile)).toBeGreaterThan(0)
    expect(estimateValue({ bytes: Buffer.alloc(5000) })).toBeGreaterThan(5000)
  })

  const text = 'x'.repeat(1000)
  it.each<[string, unknown, number]>([
    ['a long list of numbers', Array.from({ length: 1_000_000 }, (_, index) => index), 8_000_000],
    ['a long list of texts', Array.from({ length: 50_000 }, () => text), 100_000_000],
    ['a long list of objects', Array.from({ length: 20_000 }, () => ({ text })), 40_000_000],
    ['long lists in a long list', Array.from({ length: 2000 }, () => Array(2000).fill(1)), 3e7],
    ['an error', new Error(text), 2000],
    ["an error's cause", new Error('a', { cause: new Error(text) }), 2000],
    ['a set', new Set([text, `${text}2`]), 4000],
    ["a map's keys and values", new Map([[text, `${text}2`]]), 4000],
    ['bytes without a view', new ArrayBuffer(5000), 5000],
    ['what is next to a getter that throws', throwing(text), 2000],
  ])('counts %s', (_what, value, least) => {
    expect(estimateValue({ value })).toBeGreaterThanOrEqual(least)
    expect(estimateValue({ value })).toBeLessThan(least * 10)
  })
})
