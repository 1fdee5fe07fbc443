import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { traceJob } from '@callchain/core'
import { emitLogLine } from '@callchain/core/internal'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { diag, ROOT_CONTEXT } from '@opentelemetry/api'
import { READ_VARIABLES, UNREAD_VARIABLES } from '../src/config/variables.ts'
import { type Collector, startCollector } from './collector.ts'
import { said, start } from './tracing-session.ts'

let collector: Collector | undefined

afterEach(async () => {
  diag.disable()
  await collector?.close()
  collector = undefined
})

// The tables of the specification: "Environment Variable Specification" and "OTLP Exporter".
const SIGNALS = ['', 'TRACES_', 'METRICS_', 'LOGS_']
const OTLP =
  'ENDPOINT INSECURE CERTIFICATE CLIENT_KEY CLIENT_CERTIFICATE HEADERS COMPRESSION TIMEOUT PROTOCOL'
const BATCH = 'SCHEDULE_DELAY EXPORT_TIMEOUT MAX_QUEUE_SIZE MAX_EXPORT_BATCH_SIZE'
const SPECIFIED = [
  ...'SDK_DISABLED ENTITIES RESOURCE_ATTRIBUTES SERVICE_NAME LOG_LEVEL PROPAGATORS'.split(' '),
  ...'TRACES_SAMPLER TRACES_SAMPLER_ARG CONFIG_FILE'.split(' '),
  ...BATCH.split(' ').flatMap((word) => [`BSP_${word}`, `BLRP_${word}`]),
  ...['ATTRIBUTE', 'SPAN_ATTRIBUTE', 'LOGRECORD_ATTRIBUTE'].flatMap((of) => [
    `${of}_VALUE_LENGTH_LIMIT`,
    `${of}_COUNT_LIMIT`,
  ]),
  ...'SPAN_EVENT_COUNT_LIMIT SPAN_LINK_COUNT_LIMIT EVENT_ATTRIBUTE_COUNT_LIMIT'.split(' '),
  ...'LINK_ATTRIBUTE_COUNT_LIMIT TRACES_EXPORTER METRICS_EXPORTER LOGS_EXPORTER'.split(' '),
  ...'EXPORTER_ZIPKIN_ENDPOINT EXPORTER_ZIPKIN_TIMEOUT EXPORTER_PROMETHEUS_HOST'.split(' '),
  ...'EXPORTER_PROMETHEUS_PORT METRICS_EXEMPLAR_FILTER METRIC_EXPORT_INTERVAL'.split(' '),
  ...'METRIC_EXPORT_TIMEOUT EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'.split(' '),
  'EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
  ...SIGNALS.flatMap((signal) => OTLP.split(' ').map((word) => `EXPORTER_OTLP_${signal}${word}`)),
].map((name) => `OTEL_${name}`)

describe('the variables of the specification', () => {
  it('are each read or warned about', () => {
    const known = new Set([...READ_VARIABLES, ...Object.keys(UNREAD_VARIABLES)])
    expect(SPECIFIED.filter((name) => !known.has(name))).toEqual([])
    expect([...READ_VARIABLES].filter((name) => name in UNREAD_VARIABLES)).toEqual([])
  })

  it('stand in the table of the documentation, with a warning where there is one', () => {
    const page = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8')
    const table = page.slice(page.indexOf('## The variables of the specification'))
    const rows = table.split('\n').filter((line) => line.startsWith('| `'))
    const row = (name: string) => rows.find((line) => line.includes(`\`${name}\``)) ?? ''
    const read = [...READ_VARIABLES].filter((name) => !/\| read/.test(row(name)))
    const unread = Object.keys(UNREAD_VARIABLES).filter((name) => !/\| warning/.test(row(name)))
    expect([read, unread]).toEqual([[], []])
  })

  it('are named in one warning where they have no effect', () => {
    start({ exporter: 'none' }, { OTEL_ENTITIES: 'x', OTEL_METRICS_EXEMPLAR_FILTER: 'always_on' })
    const warnings = said().filter((line) => line.includes('without effect'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/OTEL_METRICS_EXEMPLAR_FILTER .*|OTEL_ENTITIES/)
  })

  it.each([
    ['OTEL_BLRP_MAX_QUEUE_SIZE', 'x'],
    ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'x'],
    ['OTEL_LOG_LEVEL', 'loud'],
    ['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN', 'logs'],
    ['OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN', 'spans'],
  ])('%s=%s is warned about', (name, value) => {
    start({ exporter: 'none' }, { [name]: value })
    expect(said().join('')).toContain(name)
  })

  it('OTEL_LOG_LEVEL writes what tracing says of itself', () => {
    start({ exporter: 'none' }, { OTEL_LOG_LEVEL: 'warn' })
    diag.warn('look here', 7)
    diag.info('not here')
    expect(said().join('')).toContain('callchain: warn: look here 7')
    expect(said().join('')).not.toContain('not here')
  })

  it('OTEL_LOG_LEVEL leaves a logger of the application in place', () => {
    const own = { error: jest.fn(), warn: jest.fn(), info: jest.fn(), debug: jest.fn() }
    diag.setLogger({ ...own, verbose: jest.fn() })
    start({ exporter: 'none' }, { OTEL_LOG_LEVEL: 'all' })
    diag.warn('mine')
    expect(own.warn).toHaveBeenCalledWith('mine')
  })
})

interface SentRecord {
  readonly body: { readonly stringValue?: string }
  readonly attributes: readonly { readonly key: string; readonly value: { stringValue?: string } }[]
  readonly droppedAttributesCount?: number
  readonly traceId?: string
}

async function logsSent(
  variables: Record<string, string>,
  work: () => void | Promise<void>,
): Promise<{ records: SentRecord[]; spans: string; logs: string }> {
  collector = await startCollector()
  const options = { endpoint: collector.url, protocol: 'http/json', logs: 'otlp' } as const
  const tracing = start(options, variables)
  await work()
  await tracing.flush()
  const bodyOf = (end: string) =>
    String(collector?.received.find(({ path }) => path.endsWith(end))?.body ?? '')
  const logs = bodyOf('/logs')
  const resources = logs === '' ? [] : JSON.parse(logs).resourceLogs
  const records = resources.flatMap((one: { scopeLogs: { logRecords: SentRecord[] }[] }) =>
    one.scopeLogs.flatMap(({ logRecords }) => logRecords),
  )
  return { records, spans: bodyOf('/traces'), logs }
}

async function failJob(): Promise<void> {
  const fail = async (): Promise<void> => {
    throw new RangeError('too far')
  }
  await traceJob('import', fail).catch(() => {})
}

describe('log records', () => {
  it('are within OTEL_LOGRECORD_ATTRIBUTE_*', async () => {
    const limits = {
      OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '2',
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
    }
    const line = { level: 30, msg: 'a long message', a: 'abcdef', b: ['abcdef'], c: 1, d: 2 }
    const { records } = await logsSent(limits, () => emitLogLine({ context: ROOT_CONTEXT, line }))
    expect(records).toEqual([
      expect.objectContaining({
        body: { stringValue: 'a long message' },
        attributes: [
          { key: 'a', value: { stringValue: 'abc' } },
          { key: 'b', value: { arrayValue: { values: [{ stringValue: 'abc' }] } } },
        ],
        droppedAttributesCount: 2,
      }),
    ])
  })

  it.each([
    ['logs', false],
    ['logs/dup', true],
  ])('hold exceptions with OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN=%s', async (signal, isEvent) => {
    const variables = { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: signal }
    const { records, spans } = await logsSent(variables, failJob)
    const attributes = records[0]?.attributes.map(({ key, value }) => [key, value.stringValue])
    expect(Object.fromEntries(attributes ?? [])).toMatchObject({
      'exception.type': 'RangeError',
      'exception.message': 'too far',
    })
    expect(records[0]?.traceId).toBe(
      JSON.parse(spans).resourceSpans[0].scopeSpans[0].spans[0].traceId,
    )
    expect(spans.includes('"name":"exception"')).toBe(isEvent)
  })

  it('and spans carry the schema of the conventions', async () => {
    const { spans, logs } = await logsSent({}, async () => {
      await failJob()
      emitLogLine({ context: ROOT_CONTEXT, line: { msg: 'x' } })
    })
    const schemaUrl = expect.stringMatching(/^https:\/\/opentelemetry\.io\/schemas\/1\.\d+\.\d+$/)
    const [resource] = JSON.parse(spans).resourceSpans
    expect(resource).toMatchObject({ schemaUrl, scopeSpans: [{ schemaUrl }] })
    expect(JSON.parse(logs).resourceLogs[0]).toMatchObject({ schemaUrl })
  })
})
