import type { Setting, Settings } from '../setting.ts'

const APP = `import express from 'express'
import request from 'supertest'
import { tenant } from '@callchain/core'
import { tracing } from '@callchain/express'
const app = express().use(tracing()).get('/orders/:id', (_, res) => {
  tenant.set('acme')
  res.end()
})`
const IN_JEST = 'it declares tests, for which the suites of the adapters and clients stand'

/** Logs a line inside a span, and expects the span's trace in it. */
function logging(name: string, field: string): Setting {
  return {
    before: `import { trace } from '@opentelemetry/api'`,
    after: `trace.getTracer('example').startActiveSpan('work', (span) => {
  logger.info('from ${name}')
  span.end()
})`,
    prints: new RegExp(
      `^.*(?:"${field}":"\\w{32}".*from ${name}|from ${name}.*"${field}":"\\w{32}").*$`,
      'm',
    ),
  }
}

/** The examples of @callchain/logs, sdk, testing and viewer. */
export const others: Settings = {
  'logs/logFields': { prints: /^{"message":"sold out"}$/m },
  'logs/createLogFields': { prints: /^{"message":"sold out"}$/m },
  'logs/traceUrl': {
    before: `import { deepStrictEqual } from 'node:assert'
import { trace } from '@opentelemetry/api'
const seen: { trace?: string | undefined }[] = []
const response = { status: (_: number) => response, json: (body: object) => seen.push(body) }
trace.getTracer('example').startActiveSpan('work', (span) => {`,
    after: `span.end()
})
deepStrictEqual(seen[0]?.trace?.length, 'https://jaeger.example/trace/'.length + 32)`,
  },
  'logs/traceMixin': logging('traceMixin', 'trace.id'),
  'logs/tracePino': logging('tracePino', 'trace_id'),
  'logs/traceMeta': logging('traceMeta', 'trace_id'),
  'logs/traceWinston': logging('traceWinston', 'trace_id'),
  'logs/traceBunyan': logging('traceBunyan', 'trace_id'),
  'sdk/startTracing': {
    isAlone: true,
    before: `import { deepStrictEqual } from 'node:assert'
import { trace } from '@opentelemetry/api'
process.env.OTEL_TRACES_EXPORTER = 'none'`,
    after: `deepStrictEqual(trace.getTracer('example').startSpan('a').spanContext().traceId.length, 32)`,
  },
  'sdk/createKeepToken': {
    before: `import { match } from 'node:assert'
import { createKeepToken } from '@callchain/sdk'
const forceKey = 'a secret of all services'
const shop = 'http://localhost/'
const fetch = async (_: string, { headers }: { headers: Record<string, string> }) => headers`,
    after: 'match(token, /^[0-9]+[.][0-9a-f]{64}$/)',
  },
  'sdk/edgeSampler': {
    isAlone: true,
    before: `import { deepStrictEqual } from 'node:assert'
import { ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import { edgeSampler } from '@callchain/sdk'
class NodeSDK {
  readonly sampler: Sampler
  constructor(options: { sampler: Sampler }) {
    this.sampler = options.sampler
  }
}`,
    after: "deepStrictEqual(sdk.sampler.toString().startsWith('EdgeSampler'), true)",
  },
  'testing/createRecorder': {
    before: `import { expect } from 'expect'
${APP}
import { createRecorder } from '@callchain/testing'
const afterEach = (_: () => unknown) => {}
const afterAll = (_: () => unknown) => {}
let run: () => Promise<void> = async () => {}
const it = (_: string, test: () => Promise<void>) => {
  run = test
}`,
    after: `await run()
await recorder.shutdown()`,
    isAlone: true,
  },
  'testing/createMetricRecorder': {
    before: `import { deepStrictEqual } from 'node:assert'
${APP}
import { createMetricRecorder } from '@callchain/testing'`,
    after: `deepStrictEqual(point?.count, 1)
await metrics.shutdown()`,
  },
  'testing/assertSpan': {
    before: `${APP}
import { assertSpan, type Recorder } from '@callchain/testing'
const recorder = globalThis.recorderOfExamples as Recorder
await request(app).get('/orders/7')`,
  },
  'testing/clientContract': {
    onlyCompiled: IN_JEST,
    before: `import { type ClientContractOptions, clientContract } from '@callchain/testing'
type Client = ReturnType<ClientContractOptions['create']>
type Options = Parameters<ClientContractOptions['create']>[0]
declare function createClient(): unknown
declare function traceMyClient(client: unknown, options: Options): Client`,
  },
  'testing/serverContract': {
    onlyCompiled: IN_JEST,
    before: `import { type ServerContractOptions, serverContract } from '@callchain/testing'
declare const buildWithKoa: ServerContractOptions['createApp']`,
  },
  'viewer/findViewer': {
    onlyCompiled: 'a viewer of the reader may run on this machine',
    before: "import { findViewer, startViewer } from '@callchain/viewer'",
  },
  'viewer/startViewer': {
    before: "import { startViewer } from '@callchain/viewer'",
  },
  'viewer/createTraceStore': {
    before: `import { deepStrictEqual } from 'node:assert'
import { createTraceStore, startViewer } from '@callchain/viewer'
const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'SELECT orders',
  kind: 3,
  startTimeUnixNano: '1',
  endTimeUnixNano: '2',
  attributes: [{ key: 'db.query.text', value: { stringValue: 'SELECT * FROM orders' } }],
}
const send = (url: string) =>
  fetch(url + '/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  })`,
    after: `deepStrictEqual(statement.name, 'SELECT orders')
await viewer.close()`,
    instead: { '// … the application under test sends to viewer.url …': 'await send(viewer.url)' },
  },
}
