// Serves one request with Callchain and a vendor's agent, started in the given order, and prints the
// spans that Callchain recorded. Usage: node vendor.cjs VENDOR first|last
const { execFile } = require('node:child_process')
const http = require('node:http')
const [vendor, order] = process.argv.slice(2)
const nowhere = 'http://127.0.0.1:1'
const sentry = { dsn: 'http://key@127.0.0.1:1/1' }

const vendors = {
  'sentry-10': () => require('sentry-10').init({ ...sentry, skipOpenTelemetrySetup: true }),
  'sentry-11': () => require('sentry-11').init({ ...sentry, tracesSampleRate: 1 }),
  'dd-trace': () => require('dd-trace').init({ url: nowhere }),
  newrelic() {
    const settings = {
      LICENSE_KEY: 'a'.repeat(40),
      APP_NAME: 'x',
      HOST: '127.0.0.1',
      LOG_ENABLED: 'false',
    }
    for (const [name, value] of Object.entries(settings)) process.env[`NEW_RELIC_${name}`] = value
    require('newrelic')
  },
  'elastic-apm-node': () =>
    require('elastic-apm-node').start({ serverUrl: nowhere, logLevel: 'off', serviceName: 'x' }),
}

const spans = []
const exporter = {
  export(batch, done) {
    spans.push(...batch)
    done({ code: 0 })
  },
  shutdown: async () => {},
}
const startOurs = () =>
  require('@callchain/sdk').startTracing({ serviceName: 'orders', exporter, signals: false })

if (order === 'first') vendors[vendor]()
const tracing = startOurs()
if (order === 'last') vendors[vendor]()

const { traceFetch } = require('@callchain/clients/fetch')
const { tenant } = require('@callchain/core')
const express = require('express')
const fetch = traceFetch()
let received = {}
const other = http.createServer((req, res) => {
  received = req.headers
  res.end('ok')
})
const app = express()
app.use(require('@callchain/express').tracing())
app.get('/items/:id', async (_req, res) => {
  tenant.set('acme')
  await (await fetch(`http://127.0.0.1:${other.address().port}/`)).text()
  res.json({})
})

other.listen(0, '127.0.0.1', () => {
  const server = app.listen(0, '127.0.0.1', () => {
    const headers = { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' }
    const url = `http://127.0.0.1:${server.address().port}/items/7`
    // From a process of its own: the agents trace requests that are made here.
    const code = `fetch('${url}', { headers: ${JSON.stringify(headers)} }).then((a) => a.text())`
    execFile(process.execPath, ['-e', code], { env: {} }, report)
  })
})

async function report() {
  while (spans.length < 2) {
    await tracing.flush()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const plain = spans.map((span) => ({
    name: span.name,
    scope: span.instrumentationScope.name,
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    tenant: span.attributes['tenant.id'],
  }))
  process.stdout.write(`\n${JSON.stringify({ spans: plain, received })}`, () => process.exit())
}
