import type { Client, ClientOptions, Metadata, ServiceError } from '@grpc/grpc-js'
import type { HttpTransportOptions, Signal } from '../config/collectors.ts'
import { VERSION } from '../config/version.ts'
import { loadGrpc } from '../lazy/opentelemetry.cts'
import type { Collector } from './collector.ts'
import type { ExportFailure } from './export-failure.ts'
import { isRetryable, readRetryInfo } from './grpc-status.ts'
import type { AnswerReader } from './partial-success.ts'

const SERVICES: Readonly<Record<Signal['word'], string>> = {
  TRACES: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  LOGS: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  METRICS: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
}
const GZIP = 2
const MAX_RETRIES = 5
const FIRST_PAUSE_MILLIS = 1000
const PAUSE_GROWTH = 1.5
const MAX_SHOWN_MESSAGE = 200

/**
 * A collector that takes OTLP over gRPC (OTLP 1.11, "OTLP/gRPC"), by `@grpc/grpc-js`, which is loaded here.
 *
 * @throws Error when it is not installed
 */
export function createGrpcCollector(
  options: HttpTransportOptions,
  signal: Signal,
  accepted: AnswerReader,
): Collector {
  const grpc = loadGrpc()
  const client = connect(grpc, options)
  const metadata = new grpc.Metadata()
  for (const [name, value] of Object.entries(options.headers)) metadata.set(name, value)
  const ending = new AbortController()
  let taken = false
  const call = (body: Uint8Array, deadline: number) =>
    callOnce(client, SERVICES[signal.word], Buffer.from(body), metadata, deadline)
  return {
    async post(body, count) {
      taken = false
      const deadline = Date.now() + options.timeoutMillis
      for (let retries = 0; ; retries++) {
        const outcome = await call(body, deadline)
        if (outcome instanceof Uint8Array) {
          taken = true
          accepted(outcome, count)
          return undefined
        }
        const failure = describe(options.url, outcome)
        const pause = FIRST_PAUSE_MILLIS * PAUSE_GROWTH ** retries * (0.8 + Math.random() * 0.4)
        const isLast = retries >= MAX_RETRIES || Date.now() + pause > deadline
        const isFinal = failure.refused === true || failure.retryAfterMillis !== undefined
        if (isFinal || isLast || ending.signal.aborted) return failure
        await wait(pause, ending.signal)
      }
    },
    hasTaken: () => taken,
    // The library may keep it for a while.
    hasReadBody: () => false,
    stopRetrying: () => ending.abort(),
    close() {
      ending.abort()
      client.close()
    },
  }
}

function connect(
  grpc: ReturnType<typeof loadGrpc>,
  { url, compression, tls }: HttpTransportOptions,
): Client {
  const secure = url.protocol === 'https:'
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text))
  const credentials = secure
    ? grpc.credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert))
    : grpc.credentials.createInsecure()
  const settings: ClientOptions = {
    'grpc.primary_user_agent': `Callchain-Exporter-JavaScript/${VERSION}`,
    'grpc.default_compression_algorithm': compression === 'gzip' ? GZIP : 0,
    // Ours know the queue.
    'grpc.enable_retries': 0,
  }
  return new grpc.Client(
    `${url.hostname}:${url.port || (secure ? 443 : 80)}`,
    credentials,
    settings,
  )
}

function callOnce(
  client: Client,
  path: string,
  body: Buffer,
  metadata: Metadata,
  deadline: number,
): Promise<Uint8Array | ServiceError> {
  const same = (bytes: Buffer): Buffer => bytes
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, same, same, body, metadata, { deadline }, (error, answer) =>
      resolve(error ?? answer ?? new Uint8Array()),
    )
  })
}

function describe(url: URL, { code, details, metadata }: ServiceError): ExportFailure {
  const [info] = metadata?.get('grpc-status-details-bin') ?? []
  const retryAfterMillis = readRetryInfo(info instanceof Uint8Array ? info : undefined)
  const again = isRetryable(code, retryAfterMillis)
  const said = details.replace(/[^\x20-\x7e]+/g, ' ').slice(0, MAX_SHOWN_MESSAGE)
  const reason = `the collector at ${url.protocol}//${url.host} did not accept them over gRPC (status ${code}: ${said})`
  return {
    reason,
    refused: !again,
    type: String(code),
    ...(again && retryAfterMillis !== undefined && { retryAfterMillis }),
  }
}

function wait(millis: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      ending.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, millis).unref()
    ending.addEventListener('abort', done)
  })
}
