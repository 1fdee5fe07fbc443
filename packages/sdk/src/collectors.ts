import { readFileSync } from 'node:fs'
import { type Environment, POSITIVE_MILLIS } from './environment.ts'
import type { HttpTransportOptions } from './http-transport.ts'
import type { Compression, OtlpProtocol, StartTracingOptions } from './options.ts'

const OTLP_URL = 'http://localhost:4318/v1/traces'
const ZIPKIN_URL = 'http://localhost:9411/api/v2/spans'
const DEFAULT_TIMEOUT_MILLIS = 10_000
const COMPRESSIONS: readonly Compression[] = ['gzip', 'none']
const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'http/json']

// OpenTelemetry Protocol Exporter specification: a variable for traces wins over one for all signals.
const SIGNALS = ['OTEL_EXPORTER_OTLP_TRACES_', 'OTEL_EXPORTER_OTLP_'] as const

function firstOf<T>(suffix: string, read: (name: string) => T | undefined): T | undefined {
  for (const prefix of SIGNALS) {
    const value = read(prefix + suffix)
    if (value !== undefined) return value
  }
  return undefined
}

/** The encoding of OTLP. gRPC is not spoken here, which the warning says. */
export function readOtlpProtocol(
  options: StartTracingOptions,
  environment: Environment,
): OtlpProtocol {
  const read = (name: string) => environment.choice(name, PROTOCOLS, 'http/protobuf')
  return options.protocol ?? firstOf('PROTOCOL', read) ?? 'http/protobuf'
}

/** The OTLP collector: from the options, else from `OTEL_EXPORTER_OTLP_*`, else on localhost. */
export function readOtlpCollector(
  options: StartTracingOptions,
  environment: Environment,
): HttpTransportOptions {
  const timeout = firstOf('TIMEOUT', (name) =>
    environment.number(name, POSITIVE_MILLIS, DEFAULT_TIMEOUT_MILLIS),
  )
  const compression = firstOf('COMPRESSION', (name) =>
    environment.choice(name, COMPRESSIONS, 'none'),
  )
  return {
    url: optionUrl(options, '/v1/traces') ?? readOtlpUrl(environment),
    headers: {
      ...environment.pairs('OTEL_EXPORTER_OTLP_HEADERS', true),
      ...environment.pairs('OTEL_EXPORTER_OTLP_TRACES_HEADERS', true),
      ...options.headers,
    },
    timeoutMillis: options.timeoutMillis ?? timeout ?? DEFAULT_TIMEOUT_MILLIS,
    compression: options.compression ?? compression ?? 'none',
    tls: readTls(environment),
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
    headers: { ...options.headers },
    timeoutMillis: options.timeoutMillis ?? timeout ?? DEFAULT_TIMEOUT_MILLIS,
    compression: options.compression ?? 'none',
    tls: {},
  }
}

function optionUrl(options: StartTracingOptions, path: string): URL | undefined {
  if (options.endpoint === undefined) return undefined
  const url = new URL(options.endpoint)
  if (url.pathname === '/') url.pathname = path
  return url
}

function readOtlpUrl(environment: Environment): URL {
  const own = environment.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', OTLP_URL)
  const base = environment.url('OTEL_EXPORTER_OTLP_ENDPOINT', OTLP_URL)
  if (own !== undefined || base === undefined) return own ?? new URL(OTLP_URL)
  base.pathname = `${base.pathname.replace(/\/$/, '')}/v1/traces`
  return base
}

function readTls(environment: Environment): HttpTransportOptions['tls'] {
  const read = (suffix: string): string | undefined =>
    firstOf(suffix, (name) => readPem(name, environment))
  const ca = read('CERTIFICATE')
  const cert = read('CLIENT_CERTIFICATE')
  const key = read('CLIENT_KEY')
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}

function readPem(name: string, environment: Environment): string | undefined {
  const path = environment.text(name)
  try {
    return path && readFileSync(path, 'utf8')
  } catch {
    environment.reject(name, path ?? '', 'a file that can be read', 'none')
    return undefined
  }
}
