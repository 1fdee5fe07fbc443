// A call chain through Express, Koa and Fastify in one process, exported by OTLP to a receiver here:
// run in a folder that has the packed packages, on the Node that is to be proved. With the argument
// "sdk", OpenTelemetry's SDK makes the spans, for a span processor of the application's.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { traceAxios } from '@callchain/clients/axios'
import { traceFetch } from '@callchain/clients/fetch'
import { tenant } from '@callchain/core'
import { tracing as expressTracing } from '@callchain/express'
import { tracing as fastifyTracing } from '@callchain/fastify'
import { tracing as koaTracing } from '@callchain/koa'
import { startTracing } from '@callchain/sdk'
import { trace } from '@opentelemetry/api'
import axios from 'axios'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'

const versionOf = (name) =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
const listening = async (server) => {
  if (!server.listening) await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

const spans = []
const metrics = new Set()
const receiver = createServer(async (req, res) => {
  const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(
    Buffer.concat(await req.toArray()).toString(),
  )
  for (const { scopeMetrics } of resourceMetrics)
    for (const scope of scopeMetrics) for (const { name } of scope.metrics) metrics.add(name)
  for (const { scopeSpans } of resourceSpans)
    spans.push(...scopeSpans.flatMap((each) => each.spans))
  res.setHeader('content-type', 'application/json').end('{}')
}).listen(0, '127.0.0.1')
const way = process.argv[2]
const PROMETHEUS_PORT = 19_464
const settled = async () => {}
const processor = { onStart() {}, onEnd() {}, forceFlush: settled, shutdown: settled }
const tracing = startTracing({
  serviceName: 'newer-node',
  endpoint: await listening(receiver),
  protocol: 'http/json',
  metrics: { exporter: ['otlp', 'prometheus'], port: PROMETHEUS_PORT },
  spanProcessors: way === 'sdk' ? [processor] : [],
})
const provider = trace.getTracerProvider().getDelegate().constructor.name
assert.equal(provider === 'TracerProvider', way === 'sdk', provider)

const inventory = Fastify()
await inventory.register(fastifyTracing)
inventory.get('/stock/:id', async () => ({ for: tenant.get() }))
const inventoryUrl = await inventory.listen({ port: 0, host: '127.0.0.1' })

const orders = new Koa().use(koaTracing()).use(async (ctx) => {
  ctx.body = await (await traceFetch()(`${inventoryUrl}/stock/7`)).json()
})
const ordersServer = orders.listen(0, '127.0.0.1')
const ordersUrl = await listening(ordersServer)

const client = traceAxios(axios.create())
const gateway = express()
gateway.use(expressTracing())
gateway.get('/orders/:id', async (_req, res) => {
  tenant.set('acme')
  res.json((await client.get(`${ordersUrl}/orders`)).data)
})
const gatewayServer = gateway.listen(0, '127.0.0.1')

const answer = await (await fetch(`${await listening(gatewayServer)}/orders/7`)).json()
const servers = [gatewayServer, ordersServer, inventory.server]
for (const server of servers) server.close()
for (const server of servers) server.closeAllConnections()
await tracing.flush()
const scraped = await (await fetch(`http://localhost:${PROMETHEUS_PORT}/metrics`)).text()
await tracing.shutdown()
receiver.close()
receiver.closeAllConnections()

assert.deepEqual(answer, { for: 'acme' })
assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1)
assert.deepEqual(spans.map(({ name, kind }) => `${kind} ${name}`).sort(), [
  '2 GET',
  '2 GET /orders/:id',
  '2 GET /stock/:id',
  '3 GET',
  '3 GET',
])
for (const name of ['http.server.request.duration', 'otel.sdk.exporter.span.exported'])
  assert.ok(metrics.has(name), name)
assert.match(scraped, /http_server_request_duration_seconds_count\{.*http_route="\/stock\/:id"/)
assert.match(scraped, /otel_sdk_span_started_total\{.*RECORD_AND_SAMPLE/)
const packages = ['api', 'sdk-trace', 'sdk-metrics', 'exporter-prometheus', 'otlp-transformer']
const versions = packages.map((name) => `${name} ${versionOf(`@opentelemetry/${name}`)}`)
console.log(`Node ${process.version}, ${way}: ${versions.join(', ')}`)
