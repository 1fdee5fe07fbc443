import type { Attributes, TextMapPropagator } from '@opentelemetry/api'
import type { Sampler, SpanExporter, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace'

/** The exporters that have a name; the same words as in `OTEL_TRACES_EXPORTER`. */
export type ExporterName = 'otlp' | 'zipkin' | 'console' | 'none'

/** The encodings of OTLP over HTTP; the same words as in `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type OtlpProtocol = 'http/protobuf' | 'http/json'

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
  /** The collector's http or https URL; without a path, the exporter's own (`/v1/traces`, `/api/v2/spans`) is added. `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_ZIPKIN_ENDPOINT`. Default: `http://localhost:4318` for OTLP, `http://localhost:9411` for Zipkin. */
  endpoint?: string
  /** The encoding of OTLP. `OTEL_EXPORTER_OTLP_PROTOCOL`. Default: `'http/protobuf'`. */
  protocol?: OtlpProtocol
  /** Headers sent to the collector, such as its API key. Merged over `OTEL_EXPORTER_OTLP_HEADERS`. Default: none. */
  headers?: Readonly<Record<string, string>>
  /** The longest time that one request to the collector may take with all its retries, in milliseconds. `OTEL_EXPORTER_OTLP_TIMEOUT`. Default: 10000. */
  timeoutMillis?: number
  /** How requests to the collector are compressed. `OTEL_EXPORTER_OTLP_COMPRESSION`. Default: `'none'`. */
  compression?: Compression
  /** Which traces are recorded: a name, a share of all traces from 0 to 1 (callers that decided already are followed), or a sampler of your own. `OTEL_TRACES_SAMPLER`. Default: `'parentbased_always_on'`. */
  sampler?: SamplerName | number | Sampler
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
  /** Whether waiting spans are sent on SIGTERM and SIGINT. Default: true. */
  signals?: boolean
  /** The longest time that an ending process, or `shutdown()`, waits for the last spans and log lines to be sent, in milliseconds; 0 does not wait. What is not sent by then is lost, and a warning says how much that is. Default: 2000. */
  exitTimeoutMillis?: number
  /** Records and exports nothing; context still propagates. `OTEL_SDK_DISABLED`. Default: false. */
  disabled?: boolean
}
