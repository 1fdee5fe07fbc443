import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AlwaysOnSampler, InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import { guardSampler } from '../src/guard/sampler.ts'
import type { StartTracingOptions } from '../src/index.ts'
import { said, start } from './tracing-session.ts'

const rejections: unknown[] = []
const keep = (reason: unknown): void => {
  rejections.push(reason)
}

beforeEach(() => {
  process.on('unhandledRejection', keep)
})

afterEach(async () => {
  // Node tells of a rejection after the microtasks of a turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', keep)
  expect(rejections.splice(0)).toEqual([])
})

/** Starts with what a user who has no types may pass. */
function startWith(options: Record<string, unknown>): ReturnType<typeof start> {
  return start({ serviceName: 'a', ...options } as StartTracingOptions)
}

function record(): void {
  trace.getTracer('test').startSpan('one').end()
}

const fail = (): never => {
  throw new Error('broken')
}
const reject = async (): Promise<never> => fail()
const idle = async (): Promise<void> => {}

describe("an exporter of the user's", () => {
  it.each<[string, (spans: unknown, done: (...result: unknown[]) => void) => unknown, string]>([
    ['throws', fail, 'broken'],
    ['rejects', reject, 'broken'],
    ['calls back with nothing', (_, done) => done(), 'the exporter called back without a result'],
    [
      'calls back with a word',
      (_, done) => done('ok'),
      'the exporter called back without a result',
    ],
    ['fails without an error', (_, done) => done({ code: 1 }), 'the exporter failed'],
    ['fails with null', (_, done) => done({ code: 1, error: null }), 'null'],
    [
      'fails with what cannot be shown',
      (_, done) => done({ code: 1, error: Object.create(null) }),
      'no reason given',
    ],
    [
      'fails with lines',
      (_, done) => done({ code: 1, error: new Error('two\nlines') }),
      'two lines',
    ],
    ['never calls back', () => {}, 'the exporter did not finish within 20 ms'],
  ])('that %s ends nothing, and what it loses is counted', async (_what, exportSpans, reason) => {
    const exporter = { export: exportSpans, shutdown: idle }
    const tracing = startWith({ exporter, batch: { exportTimeoutMillis: 20 } })
    record()
    await tracing.flush()
    expect(said()).toEqual([`callchain: 1 span was lost: ${reason}\n`])
  })

  it.each<[string, (spans: unknown, done: (result: unknown) => void) => unknown]>([
    [
      'calls back twice',
      (_, done) => {
        done({ code: 0 })
        done({ code: 1 })
      },
    ],
    [
      'throws after it called back',
      (_, done) => {
        done({ code: 0 })
        fail()
      },
    ],
    [
      'rejects after it called back',
      async (_, done) => {
        done({ code: 0 })
        await idle()
        fail()
      },
    ],
  ])('that %s has delivered', async (_what, exportSpans) => {
    const tracing = startWith({ exporter: { export: exportSpans, shutdown: fail } })
    record()
    await tracing.flush()
    await tracing.shutdown()
    expect(said()).toEqual([])
  })

  it.each([
    ['throws', fail],
    ['rejects', reject],
    ['returns nothing', () => {}],
    ['never ends', () => new Promise(() => {})],
  ])('whose shutdown %s does not keep ours from ending', async (_what, shutdown) => {
    const exporter = {
      export: (_: unknown, done: (result: unknown) => void) => done({ code: 0 }),
      shutdown,
    }
    await startWith({ exporter, exitTimeoutMillis: 20 }).shutdown()
  })

  it.each([
    ['throws', fail],
    ['rejects', reject],
    ['never ends', () => new Promise(() => {})],
  ])('whose flush %s keeps neither ours from ending', async (_what, forceFlush) => {
    const taken = (_: unknown, done: (result: unknown) => void): void => done({ code: 0 })
    const exporter = { export: taken, shutdown: idle, forceFlush }
    const batch = { exportTimeoutMillis: 20 }
    const tracing = startWith({ exporter, batch, exitTimeoutMillis: 20 })
    const began = performance.now()
    record()
    await tracing.flush()
    record()
    await tracing.shutdown()
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(said()).toEqual([])
  })

  it('is flushed, since it may have its own queue', async () => {
    let flushed = 0
    const forceFlush = async (): Promise<void> => {
      flushed++
    }
    const taken = (_: unknown, done: (result: unknown) => void): void => done({ code: 0 })
    const tracing = startWith({ exporter: { export: taken, shutdown: idle, forceFlush } })
    record()
    await tracing.flush()
    expect(flushed).toBe(1)
  })
})

describe("a span processor of the user's", () => {
  it.each([
    ['throws', fail],
    ['rejects', reject],
  ])(
    'that %s everywhere keeps no span from the exporter, and is told of',
    async (_what, method) => {
      const exporter = new InMemorySpanExporter()
      const broken = {
        onStart: method,
        onEnding: method,
        onEnd: method,
        forceFlush: method,
        shutdown: method,
      }
      const tracing = startWith({ exporter, spanProcessors: [broken] })
      record()
      await tracing.flush()
      expect(exporter.getFinishedSpans()).toHaveLength(1)
      await tracing.shutdown()
      expect(said()).toEqual([
        expect.stringMatching(/^callchain: a span processor .*\(broken\)\n$/),
      ])
    },
  )

  it.each([
    ['throws', fail],
    ['rejects', reject],
  ])('that %s in forceFlush() alone is told of', async (_what, forceFlush) => {
    const processor = { onStart: () => {}, onEnd: () => {}, forceFlush, shutdown: idle }
    const tracing = startWith({ exporter: 'none', spanProcessors: [processor] })
    await tracing.flush()
    expect(said()).toEqual([expect.stringMatching(/^callchain: a span processor .*\(broken\)\n$/)])
  })
})

describe("a sampler of the user's", () => {
  const noDecision = /^callchain: the sampler .*\(shouldSample\(\) .*\)\n$/
  it.each<[string, () => unknown, RegExp[]]>([
    ['throws', fail, [/^callchain: the sampler .*\(broken\)\n$/]],
    ['rejects', reject, [noDecision]],
    ['decides nothing', () => undefined, []],
    ['answers nonsense', () => ({ decision: 'yes' }), [noDecision]],
  ])('that %s leaves the decision to the default one', async (_what, shouldSample, told) => {
    const exporter = new InMemorySpanExporter()
    const tracing = startWith({ exporter, sampler: { shouldSample, toString: fail } })
    record()
    await tracing.flush()
    expect(exporter.getFinishedSpans()).toHaveLength(1)
    expect(said()).toEqual(told.map((words) => expect.stringMatching(words)))
  })

  it('that cannot be shown as text is called a sampler', () => {
    const broken = { shouldSample: fail, toString: fail }
    expect(String(guardSampler(broken, new AlwaysOnSampler()))).toBe('Sampler')
  })
})

describe("a propagator of the user's", () => {
  it.each([
    ['throws', fail],
    ['rejects', reject],
    ['answers nonsense', () => 7],
  ])('that %s everywhere ends nothing', (_what, method) => {
    startWith({ exporter: 'none', propagator: { inject: method, extract: method, fields: method } })
    propagation.inject(context.active(), {})
    expect(propagation.extract(ROOT_CONTEXT, {})).toBe(ROOT_CONTEXT)
    expect(propagation.fields()).toEqual([])
  })

  it('is told of when extract() returns what is not a context', () => {
    const propagator = { inject: () => {}, extract: () => 7, fields: () => ['x-trace', 7] }
    startWith({ exporter: 'none', propagator })
    propagation.extract(ROOT_CONTEXT, {})
    expect(propagation.fields()).toEqual(['x-trace'])
    expect(said()).toEqual([
      expect.stringMatching(/^callchain: the propagator .*\(extract\(\) .*\)\n$/),
    ])
  })
})
