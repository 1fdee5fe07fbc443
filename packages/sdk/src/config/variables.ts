import type { Environment } from './environment.ts'

const OTLP =
  'ENDPOINT PROTOCOL HEADERS TIMEOUT COMPRESSION CERTIFICATE CLIENT_KEY CLIENT_CERTIFICATE INSECURE'.split(
    ' ',
  )

function otlpVariables(signal: string): string[] {
  return OTLP.map((word) => `OTEL_EXPORTER_OTLP_${signal}${word}`)
}

/** The variables that are read. */
export const READ_VARIABLES: ReadonlySet<string> = new Set([
  ...'OTEL_SDK_DISABLED OTEL_SERVICE_NAME OTEL_RESOURCE_ATTRIBUTES OTEL_LOG_LEVEL'.split(' '),
  ...'OTEL_PROPAGATORS OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG'.split(' '),
  ...['BSP', 'BLRP'].flatMap((queue) =>
    ['SCHEDULE_DELAY', 'EXPORT_TIMEOUT', 'MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE'].map(
      (word) => `OTEL_${queue}_${word}`,
    ),
  ),
  ...['ATTRIBUTE', 'SPAN_ATTRIBUTE', 'LOGRECORD_ATTRIBUTE'].flatMap((of) => [
    `OTEL_${of}_COUNT_LIMIT`,
    `OTEL_${of}_VALUE_LENGTH_LIMIT`,
  ]),
  ...'OTEL_SPAN_EVENT_COUNT_LIMIT OTEL_SPAN_LINK_COUNT_LIMIT'.split(' '),
  ...'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'.split(' '),
  ...'OTEL_TRACES_EXPORTER OTEL_LOGS_EXPORTER OTEL_METRICS_EXPORTER'.split(' '),
  ...'OTEL_METRIC_EXPORT_INTERVAL OTEL_METRIC_EXPORT_TIMEOUT'.split(' '),
  ...'OTEL_EXPORTER_PROMETHEUS_HOST OTEL_EXPORTER_PROMETHEUS_PORT'.split(' '),
  'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
  'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
  ...'OTEL_EXPORTER_ZIPKIN_ENDPOINT OTEL_EXPORTER_ZIPKIN_TIMEOUT'.split(' '),
  ...['', 'TRACES_', 'LOGS_', 'METRICS_'].flatMap(otlpVariables),
  'OTEL_CONFIG_FILE',
  'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN',
  'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS',
])

/** The variables of the specification's tables that are not, each with what to do instead. */
export const UNREAD_VARIABLES: Readonly<Record<string, string>> = {
  OTEL_ENTITIES: 'use OTEL_RESOURCE_ATTRIBUTES',
  OTEL_METRICS_EXEMPLAR_FILTER: "OpenTelemetry's SDK has no exemplars",
  OTEL_EXPORTER_OTLP_SPAN_INSECURE: 'use OTEL_EXPORTER_OTLP_TRACES_INSECURE',
  OTEL_EXPORTER_OTLP_METRIC_INSECURE: 'use OTEL_EXPORTER_OTLP_METRICS_INSECURE',
  OTEL_EXPERIMENTAL_CONFIG_FILE: 'use OTEL_CONFIG_FILE',
  OTEL_SEMCONV_STABILITY_OPT_IN: 'the stable conventions are followed in any case',
  OTEL_NODE_RESOURCE_DETECTORS: 'use OTEL_RESOURCE_ATTRIBUTES',
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'no instrumentation is loaded by itself',
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'no instrumentation is loaded by itself',
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'metrics of tracing itself go with all others',
}

/** Says, in one warning, which variables of the specification are set and have no effect. */
export function warnOfUnread(environment: Environment): void {
  const set = Object.entries(UNREAD_VARIABLES).filter(([name]) => environment.text(name))
  if (set.length === 0) return
  const list = set.map(([name, instead]) => `${name} (${instead})`).join(', ')
  environment.tell(`without effect: ${list}`)
}
