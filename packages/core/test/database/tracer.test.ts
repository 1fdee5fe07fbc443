import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  context,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import {
  createDatabaseTracer,
  type DatabaseResult,
  type DatabaseStatement,
  runWithIdentity,
} from '../../src/index.ts'
import { suppressTracing } from '../../src/otel/suppression.ts'
import { record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(() => stop())

function only(): ReadableSpan {
  // `runWithIdentity` outside a trace has a span of its own.
  const spans = exporter.getFinishedSpans().filter(({ name }) => name !== 'runWithIdentity')
  const [span, ...others] = spans
  expect(others).toEqual([])
  if (span === undefined) throw new Error('no span has ended')
  return span
}

function run(statement: DatabaseStatement, result: DatabaseResult = {}): ReadableSpan {
  createDatabaseTracer().send(statement).receive(result)
  return only()
}

describe('the span of a statement', () => {
  it.each<[DatabaseStatement, string]>([
    [{ system: 'postgresql', summary: 'SELECT orders', operation: 'x' }, 'SELECT orders'],
    [{ system: 'mongodb', operation: 'find', collection: 'orders' }, 'find orders'],
    [{ system: 'mongodb', operation: 'find', namespace: 'shop' }, 'find shop'],
    [{ system: 'mongodb', operation: 'ping' }, 'ping'],
    [{ system: 'redis', operation: 'GET', namespace: '0' }, 'GET'],
    [{ system: 'clickhouse', namespace: 'shop' }, 'shop'],
    [{ system: 'clickhouse' }, 'clickhouse'],
  ])('of %j is named %s', (statement, name) => {
    expect(run(statement)).toMatchObject({ name, kind: SpanKind.CLIENT })
  })

  it('has the attributes of the conventions from the start, and no other', () => {
    const statement: DatabaseStatement = {
      system: 'postgresql',
      text: 'SELECT 1',
      summary: 'SELECT',
      namespace: 'shop',
      serverAddress: 'db',
      serverPort: 6543,
      batchSize: 2,
      parameters: { 0: 'a' },
    }
    const { span, receive } = createDatabaseTracer().send(statement)
    const { attributes } = span as unknown as ReadableSpan
    expect({ ...attributes }).toEqual({
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT 1',
      'db.query.summary': 'SELECT',
      'db.namespace': 'shop',
      'server.address': 'db',
      'server.port': 6543,
      'db.operation.batch.size': 2,
      'db.query.parameter.0': 'a',
    })
    receive({})
    expect(only().status).toEqual({ code: SpanStatusCode.UNSET })
  })

  it.each([
    ['postgresql', 5432],
    ['mysql', 3306],
    ['mariadb', 3306],
    ['mongodb', 27_017],
    ['redis', 6379],
    ['microsoft.sql_server', 1433],
  ])('of %s leaves out the port %i, which is the default', (system, serverPort) => {
    expect(run({ system, serverPort }).attributes).toEqual({ 'db.system.name': system })
  })

  it.each([
    [0, 0],
    [1, undefined],
    [2, 2],
  ])('of a batch of %i says %s', (batchSize, said) => {
    expect(run({ system: 'x', batchSize }).attributes['db.operation.batch.size']).toBe(said)
  })

  it('is the child of what is active, and is active in its own context', () => {
    trace.getTracer('test').startActiveSpan('request', (request) => {
      const call = createDatabaseTracer().send({ system: 'x' })
      expect(trace.getSpan(call.context)).toBe(call.span)
      expect(trace.getActiveSpan()).toBe(request)
      call.receive({})
      expect(only().parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    })
  })

  it('has no identity that is for the server alone', () => {
    runWithIdentity({ 'tenant.id': 'acme' }, () => run({ system: 'x' }))
    expect(only().attributes).toEqual({ 'db.system.name': 'x' })
  })

  it('ends once', () => {
    const call = createDatabaseTracer().send({ system: 'x' })
    call.receive({})
    call.receive({ error: new Error('late') })
    expect(only().status.code).toBe(SpanStatusCode.UNSET)
  })

  it('says how long it waited for a connection, to the microsecond', () => {
    const call = createDatabaseTracer().send({ system: 'x' })
    call.waited(1.234_567)
    call.receive({})
    expect(only().attributes['callchain.db.pool_wait']).toBe(1.235)
  })

  it('goes to the provider that was asked for', async () => {
    const own = new InMemorySpanExporter()
    const processor = new SimpleSpanProcessor({ exporter: own })
    const tracerProvider = new TracerProvider({ spanProcessors: [processor] })
    createDatabaseTracer({ tracerProvider }).send({ system: 'x' }).receive({})
    expect(exporter.getFinishedSpans()).toEqual([])
    expect(own.getFinishedSpans()).toHaveLength(1)
    await tracerProvider.shutdown()
  })
})

describe('the span of a statement that failed', () => {
  it('has the code of the database, and not the message', () => {
    const { attributes, events, status } = run(
      { system: 'x' },
      { error: new TypeError('jane said no'), statusCode: '23505' },
    )
    expect(status).toEqual({ code: SpanStatusCode.ERROR })
    expect(attributes).toMatchObject({ 'error.type': '23505', 'db.response.status_code': '23505' })
    expect(events.map(({ name, attributes: of }) => [name, of])).toEqual([
      ['exception', { 'exception.type': 'TypeError' }],
    ])
  })

  it('has the class of the error where the database gave no code', () => {
    const { attributes } = run({ system: 'x' }, { error: new RangeError('no') })
    expect(attributes['error.type']).toBe('RangeError')
    expect(attributes).not.toHaveProperty(['db.response.status_code'])
  })

  it('shows the error that it was told to show', () => {
    const shownError = new Error('shown')
    const { events } = run({ system: 'x' }, { error: new Error('hidden'), shownError })
    expect(events).toHaveLength(1)
    expect(events[0]?.attributes?.['exception.message']).toBe('shown')
  })

  it.each(['a word', 7, {}, Object.create(null)])('takes whatever was thrown: %j', (error) => {
    expect(run({ system: 'x' }, { error }).status.code).toBe(SpanStatusCode.ERROR)
  })
})

describe('the span of waiting for a connection', () => {
  it('is INTERNAL, with the name it is given', () => {
    const statement: DatabaseStatement = { system: 'x', text: 'SELECT 1', serverAddress: 'db' }
    createDatabaseTracer().checkOut('pool.connect', statement).receive({})
    expect(only()).toMatchObject({ name: 'pool.connect', kind: SpanKind.INTERNAL })
    expect(only().attributes).toEqual({ 'db.system.name': 'x', 'server.address': 'db' })
  })
})

describe('a query tracer', () => {
  it('makes no span where tracing is switched off, and keeps the context', () => {
    const tracer = createDatabaseTracer()
    trace.getTracer('test').startActiveSpan('request', (request) => {
      context.with(suppressTracing(context.active()), () => {
        expect(tracer.isActive()).toBe(false)
        for (const call of [tracer.send({ system: 'x' }), tracer.checkOut('y', { system: 'x' })]) {
          expect(call.context).toBe(context.active())
          expect(call.span).toBe(request)
          call.waited(1)
          call.receive({ error: new Error('no') })
        }
      })
      expect(tracer.isActive()).toBe(true)
    })
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('records nothing under a parent that is not sampled', () => {
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE }
    context.with(trace.setSpanContext(ROOT_CONTEXT, parent), () => {
      const call = createDatabaseTracer().send({ system: 'x' })
      expect(call.span.isRecording()).toBe(false)
      expect(call.span.spanContext().traceId).toBe(parent.traceId)
      call.waited(1)
      call.receive({ error: new Error('no'), statusCode: '1' })
    })
    expect(exporter.getFinishedSpans()).toEqual([])
  })
})

describe('the duration of statements', () => {
  let reader: PeriodicExportingMetricReader
  let measured: InMemoryMetricExporter
  beforeEach(() => {
    measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    reader = new PeriodicExportingMetricReader({
      exporter: measured,
      exportIntervalMillis: 2 ** 30,
    })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  })
  afterEach(async () => {
    await reader.shutdown()
    metrics.disable()
  })
  const points = async (): Promise<DataPoint<Histogram>[]> => {
    await reader.forceFlush()
    const all =
      measured
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    return all.flatMap(({ dataPoints }) => dataPoints as DataPoint<Histogram>[])
  }

  it('has what the span says, but the text, the values and the size of a batch', async () => {
    const tracer = createDatabaseTracer()
    const statement: DatabaseStatement = {
      system: 'x',
      summary: 'SELECT',
      text: 'SELECT 1',
      parameters: { 0: 'a' },
      batchSize: 2,
    }
    const call = tracer.send(statement)
    call.receive({})
    call.receive({})
    tracer.send(statement).receive({ error: new Error('no'), statusCode: '42601' })
    const shared = { 'db.system.name': 'x', 'db.query.summary': 'SELECT' }
    const found = await points()
    expect(found.map(({ attributes, value }) => [attributes, value.count])).toEqual([
      [shared, 1],
      [{ ...shared, 'error.type': '42601', 'db.response.status_code': '42601' }, 1],
    ])
  })

  it('is not measured of waiting for a connection', async () => {
    createDatabaseTracer().checkOut('pool.connect', { system: 'x' }).receive({})
    expect(await points()).toEqual([])
  })
})
