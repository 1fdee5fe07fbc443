import { once } from 'node:events'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { freePort } from '../../../../test/free-port.ts'
import { said, start } from '../tracing-session.ts'
import { callHost, queryAndSend, serveRequests } from './work.ts'

afterEach(() => metrics.disable())

/** What the endpoint serves, once it listens. */
async function scrape(port: number, host = 'localhost'): Promise<string> {
  for (;;) {
    try {
      const response = await fetch(`http://${host}:${port}/metrics`)
      return await response.text()
    } catch (error) {
      if (said().length > 0) throw error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

describe("metrics: 'prometheus'", () => {
  it('serves all metrics to this machine, and stops at shutdown', async () => {
    const port = await freePort()
    const tracing = start({ exporter: 'none', metrics: { exporter: 'prometheus', port } })
    await serveRequests(['/orders/1'])
    callHost('stock')
    queryAndSend()
    const text = await scrape(port)
    expect(text).toMatch(
      /http_server_request_duration_seconds_count\{.*http_route="\/orders\/:id".*\} 1/,
    )
    expect(text).toMatch(/http_client_request_duration_seconds_bucket\{.*le="0.005".*\} /)
    expect(text).toMatch(/db_client_operation_duration_seconds_count\{.*SELECT orders.*\} 1/)
    expect(text).toMatch(/otel_sdk_span_started_total\{.*RECORD_AND_SAMPLE.*\} \d/)
    expect(text).toMatch(/target_info\{.*service_name=/)
    const other = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .find(({ internal, family }) => !internal && family === 'IPv4')
    if (other !== undefined) {
      await expect(fetch(`http://${other.address}:${port}/metrics`)).rejects.toThrow()
    }
    await tracing.shutdown()
    await expect(fetch(`http://localhost:${port}/metrics`)).rejects.toThrow()
    expect(said()).toEqual([])
  })

  it('takes host and port from the variables', async () => {
    const port = await freePort()
    start(
      { exporter: 'none' },
      {
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
    )
    callHost('stock')
    expect(await scrape(port, '127.0.0.1')).toContain('http_client_request_duration_seconds')
  })

  it('says so where the port is taken, and the application goes on', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const host = '127.0.0.1'
    start({ exporter: 'none', metrics: { exporter: 'prometheus', port, host } })
    while (said().length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(said().join('')).toMatch(
      /the Prometheus endpoint cannot listen on 127\.0\.0\.1:\d+ \(.*EADDRINUSE/,
    )
    await once(taken.close(), 'close')
  })
})
