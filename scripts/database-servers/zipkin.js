import { jarOf } from './jars.js'
import { freePort, makeFolder, programOf, startServer } from './start-server.js'

/** Starts a Zipkin that keeps its spans in memory. */
export async function startZipkin(folder) {
  const jar = jarOf('zipkin')
  makeFolder(folder)
  const port = await freePort()
  const env = {
    ...process.env,
    QUERY_PORT: String(port),
    ARMERIA_PORTS_0_IP: '127.0.0.1',
    ARMERIA_PORTS_0_PORT: String(port),
    ARMERIA_PORTS_0_PROTOCOLS: 'http',
    SELF_TRACING_ENABLED: 'false',
    STORAGE_TYPE: 'mem',
    LOGGING_LEVEL_ROOT: 'WARN',
  }
  const args = ['-Xmx256m', '-XX:TieredStopAtLevel=1', ...jar]
  const options = { cwd: folder, port, asSelf: true, env, signal: 'SIGKILL' }
  const { stop } = await startServer(programOf('java'), args, options)
  const url = `http://127.0.0.1:${port}`
  try {
    await warmUp(url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

// A cold Java answers its first request slowly enough to look like an outage.
async function warmUp(url) {
  const span = { traceId: '1'.repeat(32), id: '1'.repeat(16), name: 'warm-up', timestamp: 1 }
  const body = JSON.stringify([{ ...span, localEndpoint: { serviceName: 'warm-up' } }])
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v2/spans`, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`Zipkin answered ${answer.status}: ${await answer.text()}`)
}
