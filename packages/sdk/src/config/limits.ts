import type { SpanLimits } from '@opentelemetry/sdk-trace'
import { COUNT, type Environment, MILLIS, POSITIVE_COUNT, POSITIVE_MILLIS } from './environment.ts'
import type { BatchOptions } from './options.ts'

/** The bounds of a queue. */
export interface QueueBounds {
  /** Most items that wait. */
  readonly maxQueueSize: number
  /** Most bytes of what waits and what is being sent, by `estimate`. */
  readonly maxQueueBytes: number
  /** Most items in a batch. */
  readonly maxExportBatchSize: number
}

/** The sizes and times of a batch processor; times in milliseconds. */
export interface BatchLimits extends QueueBounds {
  readonly scheduledDelayMillis: number
  readonly exportTimeoutMillis: number
  /** How long an ending process waits for what is sent last. */
  readonly exitTimeoutMillis: number
}

const DEFAULT_QUEUE_SIZE = 2048
/** Spans and log lines each: both fit a heap of 256 MB, with what it costs to send them. */
const DEFAULT_QUEUE_BYTES = 32 * 1024 * 1024
const DEFAULT_BATCH_SIZE = 512
const DEFAULT_DELAY_MILLIS = 5000
const DEFAULT_EXPORT_TIMEOUT_MILLIS = 30_000
const DEFAULT_COUNT = 128

/** The batch processor's limits: from the options, else from `OTEL_BSP_*`, else the defaults. */
export function readBatchLimits(
  options: BatchOptions,
  environment: Environment,
): Omit<BatchLimits, 'exitTimeoutMillis'> {
  const queue = environment.number('OTEL_BSP_MAX_QUEUE_SIZE', POSITIVE_COUNT, DEFAULT_QUEUE_SIZE)
  const maxQueueSize = options.maxQueueSize ?? queue ?? DEFAULT_QUEUE_SIZE
  const size = environment.number(
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    POSITIVE_COUNT,
    DEFAULT_BATCH_SIZE,
  )
  if (options.maxExportBatchSize === undefined && size !== undefined && size > maxQueueSize) {
    const allowed = `at most the queue's size, ${maxQueueSize}`
    environment.reject('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', String(size), allowed, `${maxQueueSize}`)
  }
  const bytes = environment.number('CALLCHAIN_MAX_QUEUE_BYTES', POSITIVE_COUNT, DEFAULT_QUEUE_BYTES)
  const delay = environment.number('OTEL_BSP_SCHEDULE_DELAY', MILLIS, DEFAULT_DELAY_MILLIS)
  const timeout = environment.number(
    'OTEL_BSP_EXPORT_TIMEOUT',
    POSITIVE_MILLIS,
    DEFAULT_EXPORT_TIMEOUT_MILLIS,
  )
  return {
    maxQueueSize,
    maxQueueBytes: options.maxQueueBytes ?? bytes ?? DEFAULT_QUEUE_BYTES,
    maxExportBatchSize: Math.min(
      options.maxExportBatchSize ?? size ?? DEFAULT_BATCH_SIZE,
      maxQueueSize,
    ),
    scheduledDelayMillis: options.scheduledDelayMillis ?? delay ?? DEFAULT_DELAY_MILLIS,
    exportTimeoutMillis: options.exportTimeoutMillis ?? timeout ?? DEFAULT_EXPORT_TIMEOUT_MILLIS,
  }
}

const LIMIT_VARIABLES = {
  attributeCountLimit: ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  attributeValueLengthLimit: [
    'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  ],
  eventCountLimit: ['OTEL_SPAN_EVENT_COUNT_LIMIT'],
  linkCountLimit: ['OTEL_SPAN_LINK_COUNT_LIMIT'],
  attributePerEventCountLimit: ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  attributePerLinkCountLimit: ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
} as const satisfies Record<keyof SpanLimits, readonly string[]>

/** The limits of a span: from the options, else from the environment, else the SDK's defaults. */
export function readSpanLimits(options: SpanLimits, environment: Environment): SpanLimits {
  const limits: SpanLimits = {}
  // A variable that stands for several limits is read, and warned about, once.
  const values = new Map<string, number | undefined>()
  const read = (name: string): number | undefined => {
    const fallback = name.includes('LENGTH') ? Number.POSITIVE_INFINITY : DEFAULT_COUNT
    if (!values.has(name)) values.set(name, environment.number(name, COUNT, fallback))
    return values.get(name)
  }
  for (const [limit, names] of Object.entries(LIMIT_VARIABLES)) {
    const key = limit as keyof SpanLimits
    const found = names.map(read).find((value) => value !== undefined)
    const value = options[key] ?? found
    if (value !== undefined) limits[key] = value
  }
  return limits
}
