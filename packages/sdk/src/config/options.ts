import type { Attributes, TextMapPropagator } from '@opentelemetry/api'
import type { Sampler, SpanExporter, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { KeepOptions } from './keep-options.ts'
import type { MetricExporterName, MetricsOptions } from './metric-options.ts'

/** The exporters that have a name; the same words as in `OTEL_TRACES_EXPORTER`. */
export type ExporterName = 'otlp' | 'zipkin' | 'console' | 'none'

/** The protocols of OTLP; the same words as in `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc'

/** How a request to the collector is compressed. */
export type Compression = 'gzip' | 'none'

/** The samplers that have a name; the same words as in `OTEL_TRACES_SAMPLER`. */
export type SamplerName =
  | 'always_on'
  | 'always_off'
  | 'traceidratio'
  | 'parentbased_always_on'
  | 'parentbased_always_off'
  | 'parentbased_traceidratio'

/** The propagators that have a name; the same words as in `OTEL_PROPAGATORS`. */
export type PropagatorName =
  | 'tracecontext'
  | 'baggage'
  | 'b3'
  | 'b3multi'
  | 'jaeger'
  | 'xray'
  | 'none'

/** The queue of ended spans that wait to be exported. */
export interface BatchOptions {
  /** The most spans that wait; what ends beyond that is dropped and counted. `OTEL_BSP_MAX_QUEUE_SIZE`. Default: 2048. */
  maxQueueSize?: number
  /** The most bytes of what waits and what is being sent, for spans and for log lines each: as encoded, or estimated where objects wait. What ends beyond that is dropped and counted. `CALLCHAIN_MAX_QUEUE_BYTES`. Default: 33554432 (32 MiB). */
  maxQueueBytes?: number
  /** The most spans sent in one request. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. Default: 512, or `maxQueueSize` if that is less. */
  maxExportBatchSize?: number
  /** The longest time that an ended span waits until it is sent, in milliseconds. `OTEL_BSP_SCHEDULE_DELAY`. Default: 5000. */
  scheduledDelayMillis?: number
  /** The longest time that one export may take, in milliseconds. `OTEL_BSP_EXPORT_TIMEOUT`. Default: 30000. */
  exportTimeoutMillis?: number
}

/** What is done with the values of a key: sent unseen, replaced by `REDACTED`, left out, or replaced by a keyed hash. */
export type RedactAction = 'keep' | 'mask' | 'drop' | 'hash'

/** The kinds of secrets that are known by how they look. */
export type RedactShape =
  | 'jwt'
  | 'bearer'
  | 'private-key'
  | 'token'
  | 'url'
  | 'assignment'
  | 'card'
  | 'iban'
  | 'email'

/** What does not leave the process: the rules of its one exit. */
export interface RedactOptions {
  /**
   * What is done with the values of a key, over the default of masking `*password*`, `*passwd*`, `*secret*`,
   * `*authorization*`, `*cookie*`, `*api-key*`, `*api_key*`, `*apikey*`, `*private_key*`, `*access_token*` and
   * `*auth-token*`. `*` stands for any characters; case does not matter. A key without `*` wins over one
   * with it, an earlier one over a later one. The key of a value inside another is its path, with dots.
   * `CALLCHAIN_REDACT_KEYS`. Default: none.
   */
  keys?: Readonly<Record<string, RedactAction>>
  /**
   * The secrets that are struck out of every text, wherever they stand in it. `card`, `iban` and `email` are
   * checked, but ordinary numbers may look like the first two. `CALLCHAIN_REDACT_SHAPES`. Default:
   * `['jwt', 'bearer', 'private-key', 'token', 'url', 'assignment']`.
   */
  shapes?: readonly RedactShape[]
  /** More names of parameters whose values are struck out of URLs and query strings, compared without case. `CALLCHAIN_REDACT_QUERY_NAMES`. Default: none but those that are always struck out. */
  queryNames?: readonly string[]
  /** The secret key of `'hash'` (HMAC-SHA-256, in hexadecimal, as `hash` of an identity field has it). `CALLCHAIN_REDACT_HASH_KEY`. Default: none, and `'hash'` is refused. */
  hashKey?: string | Uint8Array
  /**
   * A rule of your own, called with each text that is left and its key: an attribute's, else `span.name`,
   * `status.message`, `event.name`, `scope`, `tracestate`, `log.body`, `attribute.key`. Gives the text that may go
   * out; `undefined` leaves it out. Where it throws, the text is replaced. Default: none.
   */
  custom?(text: string, key: string): string | undefined
  /** Only counts what would be struck out, in the metric `callchain.redacted`. Default: false. */
  dryRun?: boolean
}

/**
 * What `startTracing` can be told. Every option wins over its environment variable, and every
 * variable over the default.
 */
export interface StartTracingOptions {
  /** The name of this service. `OTEL_SERVICE_NAME`. Default: the name in the application's package.json, else `unknown_service:node`. */
  serviceName?: string
  /** The version of this service. Default: the version in the application's package.json. */
  serviceVersion?: string
  /** More attributes of this service, such as `deployment.environment.name`. Merged over `OTEL_RESOURCE_ATTRIBUTES`. Default: none. */
  resourceAttributes?: Attributes
  /** Where spans go: a name, an exporter of your own, or a list of both. An exporter of your own loads OpenTelemetry's SDK. `OTEL_TRACES_EXPORTER`. Default: `'otlp'`. */
  exporter?: ExporterName | SpanExporter | readonly (ExporterName | SpanExporter)[]
  /** Whether the lines of traced loggers (`@callchain/logs`) are sent as OTLP logs, to `/v1/logs` of the same collector, queued and lost as spans are. `OTEL_LOGS_EXPORTER`. Default: `'none'`. */
  logs?: 'otlp' | 'none'
  /** Whether metrics are sent, and where: over OTLP to `/v1/metrics` of the same collector, or served to Prometheus. Needs `@opentelemetry/sdk-metrics`, and for `'prometheus'` also `@opentelemetry/exporter-prometheus`. A meter provider that the application has registered gets them instead. `OTEL_METRICS_EXPORTER`. Default: `'none'`. */
  metrics?: MetricExporterName | MetricsOptions
  /** The collector's http or https URL; without a path, the exporter's own (`/v1/traces`, `/api/v2/spans`) is added. `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_ZIPKIN_ENDPOINT`. Default: `http://localhost:4318` for OTLP, `http://localhost:4317` for OTLP over gRPC, `http://localhost:9411` for Zipkin. */
  endpoint?: string
  /** The protocol of OTLP. `'grpc'` needs the package `@grpc/grpc-js` to be installed. `OTEL_EXPORTER_OTLP_PROTOCOL`. Default: `'http/protobuf'`. */
  protocol?: OtlpProtocol
  /** Headers sent to the collector, such as its API key. Merged over `OTEL_EXPORTER_OTLP_HEADERS`. Default: none. */
  headers?: Readonly<Record<string, string>>
  /** The longest time that one request to the collector may take with all its retries, in milliseconds. `OTEL_EXPORTER_OTLP_TIMEOUT`. Default: 10000. */
  timeoutMillis?: number
  /** How requests to the collector are compressed. `OTEL_EXPORTER_OTLP_COMPRESSION`. Default: `'none'`. */
  compression?: Compression
  /** Which traces are recorded: a name, a share of all traces from 0 to 1 (callers that decided already are followed), or a sampler of your own. `OTEL_TRACES_SAMPLER`. Default: `'parentbased_always_on'`. */
  sampler?: SamplerName | number | Sampler
  /** Which traces are kept, decided when this service's part of them is over: those that failed or were slow whole, and a share of the others. Replaces the sampler's share; a `sampler` that is given as well still leaves out what it leaves out. `CALLCHAIN_KEEP_SHARE` sets its share. Default: none: the sampler alone decides. */
  keep?: KeepOptions
  /** How context travels between services, by name. `OTEL_PROPAGATORS`. Default: `['tracecontext', 'baggage']`. */
  propagators?: readonly PropagatorName[]
  /** A propagator of your own, instead of `propagators`. Default: none. */
  propagator?: TextMapPropagator
  /** The queue of ended spans. Default: the defaults of its parts. */
  batch?: BatchOptions
  /** The most attributes, events and links of a span, and the longest attribute value in characters. `OTEL_SPAN_*_LIMIT`. Default: 128 each, values unlimited. */
  spanLimits?: SpanLimits
  /** More span processors, run before the exporters; they load OpenTelemetry's SDK. Default: none. */
  spanProcessors?: readonly SpanProcessor[]
  /** What is struck out of everything that leaves the process: spans, log lines and baggage; `false` for nothing. Other span processors see spans as they are. `CALLCHAIN_REDACT`. Default: passwords, cookies, tokens and keys, as the parts say. */
  redact?: false | RedactOptions
  /** Whether waiting spans are sent on SIGTERM and SIGINT. Default: true. */
  signals?: boolean
  /** The longest time that an ending process, or `shutdown()`, waits for the last spans and log lines to be sent, in milliseconds; 0 does not wait. What is not sent by then is lost, and a warning says how much that is. Default: 2000. */
  exitTimeoutMillis?: number
  /** Records and exports nothing; context still propagates. `OTEL_SDK_DISABLED`. Default: false. */
  disabled?: boolean
}
