import { loadGrpc } from '../lazy/opentelemetry.cts'
import { readHeaders, toHeaders } from './collector-headers.ts'
import { type Environment, POSITIVE_MILLIS, parseHttpUrl } from './environment.ts'
import type { Compression, OtlpProtocol, StartTracingOptions } from './options.ts'
import { keyMismatch, pemFiles } from './pem-files.ts'

/** Where requests go and what is common to all of them. */
export interface HttpTransportOptions {
  readonly url: URL
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMillis: number
  readonly compression: 'gzip' | 'none'
  /** PEM texts for a collector with its own authority, or one that asks who we are. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

const OTLP_ROOT = 'http://localhost:4318'
const ZIPKIN_URL = 'http://localhost:9411/api/v2/spans'
const DEFAULT_TIMEOUT_MILLIS = 10_000
const COMPRESSIONS: readonly Compression[] = ['gzip', 'none']
const GRPC_ROOT = 'http://localhost:4317'
const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'http/json', 'grpc']

/** What is sent: its word in the names of variables, and its path at a collector. */
export interface Signal {
  readonly word: 'TRACES' | 'LOGS' | 'METRICS'
  readonly path: string
}

/** Spans. */
export const TRACES: Signal = { word: 'TRACES', path: '/v1/traces' }
/** Log lines. */
export const LOGS: Signal = { word: 'LOGS', path: '/v1/logs' }
/** Metrics. */
export const METRICS: Signal = { word: 'METRICS', path: '/v1/metrics' }

// OpenTelemetry Protocol Exporter specification: a variable for one signal wins over one for all.
function firstOf<T>(
  { word }: Signal,
  suffix: string,
  read: (name: string) => T | undefined,
): T | undefined {
  for (const prefix of [`OTEL_EXPORTER_OTLP_${word}_`, 'OTEL_EXPORTER_OTLP_']) {
    const value = read(prefix + suffix)
    if (value !== undefined) return value
  }
  return undefined
}

/**
 * The protocol of OTLP.
 *
 * @throws Error when the option asks for gRPC, whose package is not installed; a variable that does so
 *   gives a warning instead.
 */
export function readOtlpProtocol(
  options: StartTracingOptions,
  environment: Environment,
  signal: Signal = TRACES,
): OtlpProtocol {
  const read = (name: string) => environment.choice(name, PROTOCOLS, 'http/protobuf')
  if (options.protocol === 'grpc') loadGrpcOrSay()
  const protocol = options.protocol ?? firstOf(signal, 'PROTOCOL', read) ?? 'http/protobuf'
  if (protocol !== 'grpc' || options.protocol !== undefined) return protocol
  try {
    loadGrpcOrSay()
    return protocol
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    environment.tell(`OTEL_EXPORTER_OTLP_PROTOCOL=grpc: ${why}; using http/protobuf`)
    return 'http/protobuf'
  }
}

function loadGrpcOrSay(): void {
  try {
    loadGrpc()
  } catch {
    throw new Error('the package @grpc/grpc-js is missing; install it with "npm i @grpc/grpc-js"')
  }
}

/** The OTLP collector: from the options, else from `OTEL_EXPORTER_OTLP_*`, else on localhost. */
export function readOtlpCollector(
  options: StartTracingOptions,
  environment: Environment,
  signal: Signal = TRACES,
): HttpTransportOptions {
  const timeout = firstOf(signal, 'TIMEOUT', (name) =>
    environment.number(name, POSITIVE_MILLIS, DEFAULT_TIMEOUT_MILLIS),
  )
  const compression = firstOf(signal, 'COMPRESSION', (name) =>
    environment.choice(name, COMPRESSIONS, 'none'),
  )
  const isGrpc = readOtlpProtocol(options, environment, signal) === 'grpc'
  return {
    url: isGrpc
      ? readGrpcUrl(options, environment, signal)
      : (optionUrl(options, signal.path) ?? readOtlpUrl(environment, signal)),
    headers: {
      ...readHeaders('OTEL_EXPORTER_OTLP_HEADERS', environment),
      ...readHeaders(`OTEL_EXPORTER_OTLP_${signal.word}_HEADERS`, environment),
      ...toHeaders(options.headers),
    },
    timeoutMillis: options.timeoutMillis ?? timeout ?? DEFAULT_TIMEOUT_MILLIS,
    compression: options.compression ?? compression ?? 'none',
    tls: readTls(environment, signal),
  }
}

/** The Zipkin server: from the options, else from `OTEL_EXPORTER_ZIPKIN_*`, else on localhost. */
export function readZipkinCollector(
  options: StartTracingOptions,
  environment: Environment,
): HttpTransportOptions {
  const url = environment.url('OTEL_EXPORTER_ZIPKIN_ENDPOINT', ZIPKIN_URL)
  const timeout = environment.number(
    'OTEL_EXPORTER_ZIPKIN_TIMEOUT',
    POSITIVE_MILLIS,
    DEFAULT_TIMEOUT_MILLIS,
  )
  return {
    url: optionUrl(options, '/api/v2/spans') ?? url ?? new URL(ZIPKIN_URL),
    headers: toHeaders(options.headers),
    timeoutMillis: options.timeoutMillis ?? timeout ?? DEFAULT_TIMEOUT_MILLIS,
    compression: options.compression ?? 'none',
    tls: {},
  }
}

function optionUrl(options: StartTracingOptions, path: string): URL | undefined {
  if (options.endpoint === undefined) return undefined
  const url = new URL(options.endpoint)
  if (url.pathname === '/') url.pathname = path
  // One option for all signals: the path of the spans says where the others go.
  if (path !== TRACES.path) url.pathname = url.pathname.replace(/\/v1\/traces$/, path)
  return url
}

function readOtlpUrl(environment: Environment, { word, path }: Signal): URL {
  const fallback = OTLP_ROOT + path
  const own = environment.url(`OTEL_EXPORTER_OTLP_${word}_ENDPOINT`, fallback)
  const base = environment.url('OTEL_EXPORTER_OTLP_ENDPOINT', fallback)
  if (own !== undefined || base === undefined) return own ?? new URL(fallback)
  base.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
  return base
}

/** gRPC knows no paths. A scheme may be left out of the variables; then `…_INSECURE` decides. */
function readGrpcUrl(
  { endpoint }: StartTracingOptions,
  environment: Environment,
  signal: Signal,
): URL {
  if (endpoint !== undefined) return new URL(endpoint)
  const isInsecure = firstOf(signal, 'INSECURE', (name) => environment.flag(name, false)) ?? false
  const read = (name: string): URL | undefined => {
    const text = environment.text(name)
    const hasScheme = text === undefined || /^[a-z][a-z\d+.-]*:\/\//i.test(text)
    if (hasScheme) return environment.url(name, GRPC_ROOT)
    const url = parseHttpUrl(`${isInsecure ? 'http' : 'https'}://${text}`)
    if (url === undefined) environment.reject(name, text, 'host:port or a URL', GRPC_ROOT)
    return url
  }
  return firstOf(signal, 'ENDPOINT', read) ?? new URL(GRPC_ROOT)
}

function readTls(environment: Environment, signal: Signal): HttpTransportOptions['tls'] {
  const files = pemFiles(environment)
  const ca = firstOf(signal, 'CERTIFICATE', files.certificates)
  const cert = firstOf(signal, 'CLIENT_CERTIFICATE', files.certificates)
  const key = firstOf(signal, 'CLIENT_KEY', files.privateKey)
  const fault =
    (cert === undefined) !== (key === undefined)
      ? 'one is missing'
      : cert !== undefined && key !== undefined && keyMismatch(cert, key)
  if (fault) {
    environment.tell(
      `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY cannot be used together (${fault}); using neither`,
    )
  }
  return {
    ...(ca !== undefined && { ca }),
    ...(!fault && cert !== undefined && { cert }),
    ...(!fault && key !== undefined && { key }),
  }
}
