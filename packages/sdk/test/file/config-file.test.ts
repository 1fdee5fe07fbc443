import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emitLogLine } from '@callchain/core/internal'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { diag, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { StartTracingOptions, Tracing } from '../../src/index.ts'
import * as lazy from '../../src/lazy/opentelemetry.cts'
import { type Collector, startCollector } from '../collector.ts'
import { seriesOf } from '../metrics/decode-metrics.ts'
import { decodeRequest, spansOf } from '../otlp-decoder.ts'
import { said, start } from '../tracing-session.ts'

let folder = ''
let collector: Collector | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callchain-config-'))
})

afterEach(async () => {
  metrics.disable()
  diag.disable()
  rmSync(folder, { recursive: true })
  await collector?.close()
  collector = undefined
})

/** Starts tracing with a file of this text. */
function startWith(
  text: string,
  variables: Record<string, string> = {},
  options: StartTracingOptions = {},
  name = 'otel.yaml',
): Tracing {
  const file = join(folder, name)
  writeFileSync(file, text)
  return start(options, { ...variables, OTEL_CONFIG_FILE: file })
}

const HEAD = 'file_format: "1.0"\n'

describe('OTEL_CONFIG_FILE', () => {
  it('sets up spans, log lines and metrics as it says', async () => {
    collector = await startCollector()
    const variables = {
      OTEL_CONFIG_FILE: join(__dirname, 'otel.yaml'),
      COLLECTOR: collector.url,
      API_KEY: '0123',
      // Ignored, as all of them are.
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_SERVICE_NAME: 'other',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-variable=1',
    }
    const tracing = start({}, variables)
    const span = trace.getTracer('a').startSpan('one')
    span.setAttributes({ 'order.note': 'ring twice', a: 1, b: 2, c: 3 })
    span.end()
    emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    await tracing.flush()
    const sent = (path: string) => collector?.received.find((one) => one.path === path)
    const traces = sent('/custom/v1/traces')
    expect(traces?.headers).toMatchObject({ 'api-key': '0123', 'content-encoding': 'gzip' })
    expect(traces?.headers).not.toHaveProperty('x-variable')
    const request = decodeRequest(traces?.body ?? Buffer.of(), 'application/json')
    expect(request.resourceSpans[0]?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'orders' } },
        { key: 'team', value: { stringValue: 'checkout' } },
        { key: 'shard', value: { intValue: 7 } },
      ]),
    )
    const [{ attributes = [] } = {}] = spansOf(request)
    expect(attributes).toHaveLength(3)
    expect(attributes[0]).toEqual({ key: 'order.note', value: { stringValue: 'REDACTED' } })
    expect(String(sent('/v1/logs')?.body)).toContain('"x"')
    const [started] = seriesOf(
      sent('/v1/metrics') ?? { path: '', headers: {}, body: Buffer.of() },
    ).filter(({ name }) => name === 'otel.sdk.span.started')
    expect(started?.temporality).toBe(1)
    expect(said()).toEqual([])
  })

  it('is won over by options', async () => {
    const text = `${HEAD}resource:\n  attributes: [{ name: service.name, value: file }]`
    collector = await startCollector()
    const options = { serviceName: 'code', exporter: 'otlp', endpoint: collector.url } as const
    const tracing = startWith(text, {}, { ...options, protocol: 'http/json' })
    trace.getTracer('a').startSpan('one').end()
    await tracing.flush()
    expect(String(collector.received[0]?.body)).toContain('"code"')
  })

  it('names all that has no effect, in one warning', () => {
    startWith(`${HEAD}
tracer_provider:
  processors:
    - simple: { exporter: { console: } }
    - batch: { exporter: { console: } }
  sampler: { jaeger_remote/development: { endpoint: http://x } }
  id_generator: { random: }
meter_provider:
  views: []
  exemplar_filter: trace_based
instrumentation/development: { general: {} }
made_up: 1`)
    const file = join(folder, 'otel.yaml')
    const paths = [
      ...['made_up', 'instrumentation/development', 'tracer_provider.id_generator'],
      ...['tracer_provider.processors[0].simple'],
      ...['tracer_provider.sampler.jaeger_remote/development'],
      ...['meter_provider.views', 'meter_provider.exemplar_filter'],
    ]
    expect(said()).toHaveLength(1)
    expect(said()[0]).toContain(`callchain: OTEL_CONFIG_FILE ${file}: without effect: `)
    const named = said()[0]?.trim().split('without effect: ')[1]?.split(', ')
    expect(named?.sort()).toEqual(paths.sort())
  })

  it.each([
    ['', /the file is null|file_format is null; allowed: a text, "1.0"/],
    ['file_format: "0.4"', /file_format is "0\.4"; allowed: a text, "1\.0"/],
    ['file_format: 1.0', /file_format is 1; allowed: a text/],
    [`${HEAD}a: [`, /otel\.yaml: .* at line 2/],
    [`${HEAD}disabled: "yes"`, /disabled is "yes"; allowed: true or false/],
    [`${HEAD}log_level: loud`, /log_level is "loud"; allowed: one of trace, /],
    [`${HEAD}propagator: { composite: [{ ottrace: }] }`, /propagator\.composite is "ottrace"/],
    [`${HEAD}tracer_provider: { processors: 1 }`, /processors is 1; allowed: a list/],
    [`${HEAD}tracer_provider: { processors: [{ batch: }] }`, /\[0\]\.batch\.exporter is null/],
    [
      `${HEAD}tracer_provider: { sampler: { trace_id_ratio_based: { ratio: 2 } } }`,
      /sampler\.trace_id_ratio_based\.ratio is 2; allowed: a number from 0 to 1/,
    ],
    [
      `${HEAD}tracer_provider: { processors: [{ batch: { exporter: { otlp_http: { endpoint: x } } } }] }`,
      /exporter\.otlp_http\.endpoint is "x"; allowed: an http or https URL/,
    ],
    [
      `${HEAD}tracer_provider: { processors: [{ batch: { exporter: { otlp_http: { headers: [{ name: a, value: 12 }] } } } }] }`,
      /headers\[0\]\.value is \(hidden\); allowed: a text, in quotes/,
    ],
    [
      `${HEAD}resource: { attributes: [{ name: a, value: x, type: int }] }`,
      /resource\.attributes\[0\]\.value is "x"; allowed: int/,
    ],
    [`${HEAD}log_level: \${1X}`, /\$\{1X\} is not allowed/],
    [
      `${HEAD}distribution: { callchain: { keep: { share: 7 } } }`,
      /distribution\.callchain: keep\.share of startTracing\(\) .* from 0 to 1/,
    ],
  ])('refuses %j with its place, its value and what is allowed', (text, message) => {
    expect(() => startWith(text)).toThrow(message)
    expect(() => startWith(text)).toThrow(/OTEL_CONFIG_FILE .*otel\.yaml/)
  })

  it('says which file cannot be read', () => {
    const OTEL_CONFIG_FILE = join(folder, 'gone.yaml')
    expect(() => start({}, { OTEL_CONFIG_FILE })).toThrow(
      `OTEL_CONFIG_FILE ${OTEL_CONFIG_FILE}: cannot be read (ENOENT)`,
    )
  })

  it('needs the package yaml, but for JSON', () => {
    jest.spyOn(lazy, 'loadYaml').mockImplementation(() => {
      throw new Error('not installed')
    })
    expect(() => startWith(HEAD)).toThrow(/install it with "npm i yaml", or write the file in JSON/)
    startWith('{ "file_format": "1.0", "disabled": true }', {}, {}, 'otel.json')
    expect(trace.getTracer('a').startSpan('one').isRecording()).toBe(false)
  })

  it('speaks of the path where a value turns out to be wrong later', () => {
    startWith(`${HEAD}tracer_provider:
  processors: [{ batch: { exporter: { otlp_http: { tls: { ca_file: /gone.pem } } } } }]`)
    expect(said().join('')).toMatch(
      /tracer_provider\.processors\[0\]\.batch\.exporter\.otlp_http\.tls\.ca_file of .*otel\.yaml="\/gone\.pem" is not a readable file/,
    )
  })
})
