// Serves three requests with OpenTelemetry's SDK and auto-instrumentations, and prints what was recorded.
// Usage: node application.cjs FRAMEWORK [traced] [wrapped] [fastify-otel]
const { execFile } = require('node:child_process')
const { promisify } = require('node:util')
const [framework, ...with_] = process.argv.slice(2)
const { FORWARDED_FOR, DATABASE_URL, REDIS_URL, MONGODB_URL } = process.env

const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node')
const { NodeSDK } = require('@opentelemetry/sdk-node')
const metricSdk = require('@opentelemetry/sdk-metrics')
const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')

const instrumentations = getNodeAutoInstrumentations()
if (with_.includes('fastify-otel')) {
  const { FastifyOtelInstrumentation } = require('@fastify/otel')
  instrumentations.push(new FastifyOtelInstrumentation({ registerOnInitialization: true }))
}
const spans = new InMemorySpanExporter()
const metrics = new metricSdk.InMemoryMetricExporter(metricSdk.AggregationTemporality.CUMULATIVE)
const reader = new metricSdk.PeriodicExportingMetricReader({ exporter: metrics })
new NodeSDK({
  instrumentations,
  spanProcessors: [new SimpleSpanProcessor(spans)],
  metricReaders: [reader],
}).start()

const { tenant } = require('@callchain/core')
const http = require('node:http')
const wrapped = with_.includes('wrapped')
const given = (client) => client
const wrap = (door, name) => (wrapped ? require(`@callchain/${door}`)[name] : given)
const { tracing } = with_.includes('traced') ? require(`@callchain/${framework}`) : {}

/** What one request does: each is one call or one statement. */
async function connectAll() {
  const other = http.createServer((_req, res) => res.end('ok')).listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const url = `http://127.0.0.1:${other.address().port}/`
  const fetch = wrapped ? wrap('clients/fetch', 'traceFetch')() : globalThis.fetch
  const axios = wrap('clients/axios', 'traceAxios')(require('axios').create())
  const work = { fetch: () => fetch(url).then((answer) => answer.text()), axios: () => axios(url) }
  if (DATABASE_URL) {
    const { Pool } = require('pg')
    const pool = wrap('databases/pg', 'tracePg')(new Pool({ connectionString: DATABASE_URL }))
    await pool.query('SELECT 1')
    work.pg = () => pool.query('SELECT 7 AS n')
  }
  if (REDIS_URL) {
    const client = require('redis').createClient({ url: REDIS_URL })
    const redis = wrap('databases/redis', 'traceRedis')(client)
    await redis.connect()
    const ioredis = wrap('databases/ioredis', 'traceIoredis')(new (require('ioredis'))(REDIS_URL))
    await ioredis.ping()
    work.redis = () => redis.get('k')
    work.ioredis = () => ioredis.get('k')
  }
  if (MONGODB_URL) {
    const { MongoClient } = require('mongodb')
    const options = { monitorCommands: true }
    const client = wrap('databases/mongodb', 'traceMongo')(new MongoClient(MONGODB_URL, options))
    await client.connect()
    work.mongodb = () => client.db('shop').collection('items').findOne({ n: 1 })
  }
  return work
}

const applications = {
  async express(handle) {
    const express = require('express')
    const app = express().set('env', 'test')
    if (tracing) app.use(tracing())
    app.use((_req, _res, next) => next())
    app.get('/items/:id', async (_req, res) => res.json(await handle()))
    app.get('/broken', () => fail())
    return app
  },
  async koa(handle) {
    const Koa = require('koa')
    const router = new (require('@koa/router'))()
    const app = new Koa()
    app.silent = true
    if (tracing) app.use(tracing())
    router.get('/items/:id', async (ctx) => {
      ctx.body = await handle()
    })
    router.get('/broken', () => fail())
    return app.use(router.routes()).callback()
  },
  async fastify(handle) {
    const app = require('fastify')()
    if (tracing) await app.register(tracing)
    app.addHook('onRequest', async () => {})
    app.get('/items/:id', handle)
    app.get('/broken', fail)
    await app.ready()
    return app.routing
  },
}

function fail() {
  throw new RangeError('broken')
}

async function main() {
  const work = await connectAll()
  const listener = await applications[framework](async () => {
    if (tracing) tenant.set('acme')
    for (const each of Object.values(work)) await each()
    return {}
  })
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  await reader.forceFlush()
  const before = counts()
  spans.reset()
  for (const path of ['/items/7?token=s', '/broken', '/nothing'])
    await ask(`http://127.0.0.1:${server.address().port}${path}`)
  // An ended span is told of at once, and the last one is that of the request that was answered last.
  const answered = () => spans.getFinishedSpans().filter(({ kind }) => kind === 1).length
  while (answered() < 3) await new Promise((resolve) => setTimeout(resolve, 20))
  await reader.forceFlush()
  const after = counts()
  const measured = Object.fromEntries(
    Object.keys(after).map((name) => [name, after[name] - (before[name] ?? 0)]),
  )
  const report = { work: Object.keys(work), spans: spans.getFinishedSpans().map(plain), measured }
  process.stdout.write(JSON.stringify(report), () => process.exit())
}

/** From a process of its own: the instrumentations would trace the request here. */
async function ask(url) {
  const headers = { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' }
  if (FORWARDED_FOR) headers['x-forwarded-for'] = FORWARDED_FOR
  const code = `fetch('${url}', { headers: ${JSON.stringify(headers)} }).then((a) => a.text())`
  await promisify(execFile)(process.execPath, ['-e', code], { env: {} })
}

function counts() {
  const sums = {}
  const latest =
    metrics
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
  for (const { descriptor, dataPoints } of latest)
    for (const { value } of dataPoints)
      sums[descriptor.name] = (sums[descriptor.name] ?? 0) + (value.count ?? 0)
  return sums
}

function plain(span) {
  return {
    name: span.name,
    kind: span.kind,
    scope: span.instrumentationScope.name,
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.length,
    attributes: span.attributes,
  }
}

main()
