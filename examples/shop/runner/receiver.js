import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { close, listen } from '../service/listen.js'
import { spansOf } from './spans.js'

const unzip = promisify(gunzip)
const maxBytes = 16 * 1024 * 1024

/**
 * @typedef {object} Receiver
 * @property {string} endpoint its base address
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/**
 * An export as it came: `/v1/traces` or `/v1/logs`, its body, unzipped, and what has sent it.
 * @typedef {{ path: string, body: Buffer, userAgent: string }} Export
 */

/**
 * Receives spans and log lines as OTLP/HTTP with JSON on this machine.
 * @param {(spans: import('./spans.js').Span[]) => void} onSpans with the spans of each export
 * @param {{ port?: number, onExport?: (received: Export) => void }} [options] port: 0, any free one,
 *   unless given; onExport: told of every export, of log lines, too
 * @returns {Promise<Receiver>}
 */
export async function startReceiver(onSpans, { port = 0, onExport = () => {} } = {}) {
  const server = createServer((request, response) => {
    receive(request)
      .then((received) => {
        if (received.path === '/v1/traces') onSpans(spansOf(JSON.parse(received.body.toString())))
        onExport(received)
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      })
      .catch((error) => {
        response.writeHead(error.status ?? 400, { connection: 'close' }).end(String(error.message))
      })
  })
  const listening = await listen(server, port)
  return {
    endpoint: `http://127.0.0.1:${listening}`,
    port: listening,
    stop: () => close(server),
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Export>}
 */
async function receive(request) {
  const path = request.url ?? ''
  if (path !== '/v1/traces' && path !== '/v1/logs')
    throw refusal(404, 'Only /v1/traces and /v1/logs are received here')
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw refusal(415, 'Set OTEL_EXPORTER_OTLP_PROTOCOL=http/json')
  }
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBytes) throw refusal(413, `More than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const zipped = request.headers['content-encoding'] === 'gzip'
  return {
    path,
    body: zipped ? await unzip(body, { maxOutputLength: maxBytes }) : body,
    userAgent: request.headers['user-agent'] ?? '',
  }
}

/**
 * @param {number} status
 * @param {string} message
 */
function refusal(status, message) {
  return Object.assign(new Error(message), { status })
}
