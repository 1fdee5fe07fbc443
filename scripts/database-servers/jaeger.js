import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goProgramOf } from './go-programs.js'
import { freePort, makeFolder, startServer } from './start-server.js'

/**
 * Starts a Jaeger 2 that keeps its spans in memory. Its address is that of its page and of its reading
 * API; spans are sent to another, JAEGER_OTLP_URL.
 */
export async function startJaeger(folder) {
  const program = goProgramOf('jaeger')
  makeFolder(folder)
  const [query, queryGrpc] = [await freePort(), await freePort()]
  const [otlp, otlpGrpc] = [await freePort(), await freePort()]
  const configuration = join(folder, 'jaeger.yaml')
  // JSON is YAML, too.
  writeFileSync(configuration, JSON.stringify(settingsOf(query, queryGrpc, otlp, otlpGrpc)))
  const options = { cwd: folder, port: query, asSelf: true, signal: 'SIGKILL' }
  const { stop } = await startServer(program, ['--config', configuration], options)
  const more = { JAEGER_OTLP_URL: `http://127.0.0.1:${otlp}` }
  return { url: `http://127.0.0.1:${query}`, more, stop }
}

function settingsOf(query, queryGrpc, otlp, otlpGrpc) {
  const at = (port) => ({ endpoint: `127.0.0.1:${port}` })
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      jaeger_query: { storage: { traces: 'memory' }, http: at(query), grpc: at(queryGrpc) },
      jaeger_storage: { backends: { memory: { memory: { max_traces: 10_000 } } } },
    },
    receivers: { otlp: { protocols: { http: at(otlp), grpc: at(otlpGrpc) } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
  }
}
