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
 * Receives spans as OTLP/HTTP with JSON on this machine.
 * @param {(spans: import('./spans.js').Span[], body: Buffer) => void} onSpans with each export and its body
 * @param {number} [port] Default: 0, any free one
 * @returns {Promise<Receiver>}
 */
export async function startReceiver(onSpans, port = 0) {
  const server = createServer((request, response) => {
    receive(request)
      .then((body) => {
        onSpans(spansOf(JSON.parse(body.toString())), body)
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
 * @returns {Promise<Buffer>} its body, unzipped
 */
async function receive(request) {
  if (request.url !== '/v1/traces') throw refusal(404, 'Only /v1/traces is received here')
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
  return zipped ? unzip(body, { maxOutputLength: maxBytes }) : body
}

/**
 * @param {number} status
 * @param {string} message
 */
function refusal(status, message) {
  return Object.assign(new Error(message), { status })
}
