import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace'
import type { StartTracingOptions } from '../src/index.ts'
import { buildPackages } from './application.ts'
import { startCollector } from './collector.ts'
import { decodeRequest, resourceOf, spansOf } from './otlp-decoder.ts'
import { said, start } from './tracing-session.ts'

jest.setTimeout(120_000)

const settled = async (): Promise<void> => {}
const processor = { onStart() {}, onEnd() {}, forceFlush: settled, shutdown: settled }
const sampler = { shouldSample: () => ({ decision: 2 }), toString: () => 'own' }

function providerName(): string | undefined {
  const proxy = trace.getTracerProvider() as { getDelegate?(): object }
  return proxy.getDelegate?.().constructor.name
}

describe('who makes the spans', () => {
  it.each<[string, StartTracingOptions, string]>([
    ['by default', {}, 'CallchainTracerProvider'],
    [
      'for all exporters of a name',
      { exporter: ['otlp', 'zipkin', 'console'] },
      'CallchainTracerProvider',
    ],
    ['for no exporter', { exporter: 'none' }, 'CallchainTracerProvider'],
    ['for http/json', { protocol: 'http/json' }, 'CallchainTracerProvider'],
    ["with a sampler of the user's", { sampler }, 'CallchainTracerProvider'],
    ['with no span processors', { spanProcessors: [] }, 'CallchainTracerProvider'],
    ["with a span processor of the user's", { spanProcessors: [processor] }, 'TracerProvider'],
    ["with an exporter of the user's", { exporter: new InMemorySpanExporter() }, 'TracerProvider'],
    [
      "with an exporter of the user's among others",
      { exporter: ['otlp', new InMemorySpanExporter()] },
      'TracerProvider',
    ],
  ])('%s', (_when, options, expected) => {
    start({ serviceName: 'a', ...options })
    expect(providerName()).toBe(expected)
  })

  it.each<[string, StartTracingOptions]>([
    ['callchain', {}],
    ['opentelemetry', { spanProcessors: [processor] }],
  ])('is named in the resource: %s', async (name, options) => {
    const collector = await startCollector()
    const tracing = start({ endpoint: collector.url, serviceName: 'a', ...options })
    trace.getTracer('a').startSpan('one').end()
    await tracing.shutdown()
    await collector.close()
    const [request] = collector.received
    if (request === undefined) throw new Error('nothing was sent')
    const decoded = decodeRequest(request.body, request.headers['content-type'])
    expect(resourceOf(decoded)).toMatchObject({
      'service.name': 'a',
      'telemetry.sdk.name': name,
      'telemetry.sdk.language': 'nodejs',
    })
    expect(spansOf(decoded).map(({ name }) => name)).toEqual(['one'])
  })

  it("asks the user's sampler with real attributes, and takes what it adds", async () => {
    const asked: unknown[] = []
    const collector = await startCollector()
    const tracing = start({
      endpoint: collector.url,
      serviceName: 'a',
      sampler: {
        shouldSample(_context, _traceId, name, kind, attributes, links) {
          asked.push({ name, kind, attributes, links })
          return { decision: name === 'left out' ? 0 : 2, attributes: { 'sampler.said': 'yes' } }
        },
        toString: () => 'own',
      },
    })
    const link = { context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 } }
    const tracer = trace.getTracer('a')
    tracer.startSpan('one', { kind: 1, attributes: { key: 'value' }, links: [link] }).end()
    expect(tracer.startSpan('left out').isRecording()).toBe(false)
    await tracing.shutdown()
    await collector.close()
    expect(asked).toEqual([
      { name: 'one', kind: 1, attributes: { key: 'value' }, links: [link] },
      { name: 'left out', kind: 0, attributes: {}, links: [] },
    ])
    const [request] = collector.received
    const [span] = spansOf(decodeRequest(request?.body ?? Buffer.alloc(0), undefined))
    expect(span?.attributes.map(({ key }) => key)).toEqual(['key', 'sampler.said'])
  })

  it('feeds several exporters at once, each with all spans', async () => {
    const collector = await startCollector()
    const tracing = start({
      endpoint: collector.url,
      serviceName: 'a',
      exporter: ['otlp', 'console'],
    })
    trace.getTracer('a').startSpan('one').end()
    await tracing.shutdown()
    const [request] = collector.received
    const spans = spansOf(decodeRequest(request?.body ?? Buffer.alloc(0), undefined))
    expect(spans.map(({ name }) => name)).toEqual(['one'])
    expect(said().join('')).toMatch(/^a trace [0-9a-f]{32}\none {2}\d/)
    await collector.close()
  })

  it('can be flushed and stopped by its provider, as the SDK can', async () => {
    const collector = await startCollector()
    start({ endpoint: collector.url, serviceName: 'a' })
    const proxy = trace.getTracerProvider() as unknown as {
      getDelegate(): { forceFlush(): Promise<void>; shutdown(): Promise<void> }
    }
    const provider = proxy.getDelegate()
    trace.getTracer('a').startSpan('one').end()
    await provider.forceFlush()
    expect(collector.received).toHaveLength(1)
    await provider.shutdown()
    trace.getTracer('a').startSpan('two').end()
    expect(said()).toEqual(['callchain: 1 span was lost: tracing was already shut down\n'])
    await collector.close()
  })
})

describe("what is loaded of OpenTelemetry's SDK", () => {
  beforeAll(buildPackages, 300_000)

  const PACKAGES = /node_modules\/(@opentelemetry\/(?:sdk-trace|core|resources|otlp-transformer))\//
  const LIST = `
    const loaded = Object.keys(process.getBuiltinModule('node:module')._cache)
    console.log(JSON.stringify(loaded))`
  const options = (more = ''): string => `{ serviceName: 'a', ${more} }`

  /** The packages of the SDK that an application has loaded. */
  async function loadedBy(kind: 'module' | 'commonjs', given: string): Promise<string[]> {
    const load =
      kind === 'module'
        ? "import { startTracing } from '@callchain/sdk'"
        : "const { startTracing } = require('@callchain/sdk')"
    const program = `${load}
      const settled = async () => {}
      const processor = { onStart() {}, onEnd() {}, forceFlush: settled, shutdown: settled }
      startTracing(${given})
      ${LIST}`
    const args = [`--input-type=${kind}`, '--eval', program]
    const cwd = join(__dirname, 'fixtures')
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd })
    const names = (JSON.parse(stdout) as string[]).map((path) => PACKAGES.exec(path)?.[1])
    return [...new Set(names.filter((name) => name !== undefined))].sort()
  }

  it.each(['module', 'commonjs'] as const)('nothing by a %s with names alone', async (kind) => {
    expect(await loadedBy(kind, options("exporter: ['otlp', 'zipkin', 'console']"))).toEqual([])
  })

  it.each(['module', 'commonjs'] as const)('all of it by a %s with a processor', async (kind) => {
    const loaded = await loadedBy(kind, options('spanProcessors: [processor]'))
    expect(loaded).toContain('@opentelemetry/sdk-trace')
  })

  it('the serialisers alone for http/json', async () => {
    const loaded = await loadedBy('module', options("protocol: 'http/json'"))
    expect(loaded).not.toContain('@opentelemetry/sdk-trace')
    expect(loaded).toContain('@opentelemetry/otlp-transformer')
  })
})
