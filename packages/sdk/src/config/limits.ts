import type { SpanLimits } from '@opentelemetry/sdk-trace'
import {
  COUNT,
  type Environment,
  MILLIS,
  type NumberRange,
  POSITIVE_COUNT,
  POSITIVE_MILLIS,
} from './environment.ts'
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
const DEFAULT_DELAYS_MILLIS: Readonly<Record<QueueWord, number>> = { BSP: 5000, BLRP: 1000 }
const DEFAULT_EXPORT_TIMEOUT_MILLIS = 30_000
const DEFAULT_COUNT = 128

/** Which queue, as its variables call it: of spans, or of log records. */
export type QueueWord = 'BSP' | 'BLRP'

/** The limits of a queue: from the options, else from `OTEL_BSP_*` or `OTEL_BLRP_*`, else the defaults. */
export function readBatchLimits(
  options: BatchOptions,
  environment: Environment,
  queue: QueueWord,
): Omit<BatchLimits, 'exitTimeoutMillis'> {
  const read = (word: string, range: NumberRange, fallback: number): number | undefined =>
    environment.number(`OTEL_${queue}_${word}`, range, fallback)
  const maxQueueSize =
    options.maxQueueSize ??
    read('MAX_QUEUE_SIZE', POSITIVE_COUNT, DEFAULT_QUEUE_SIZE) ??
    DEFAULT_QUEUE_SIZE
  const size = read('MAX_EXPORT_BATCH_SIZE', POSITIVE_COUNT, DEFAULT_BATCH_SIZE)
  if (options.maxExportBatchSize === undefined && size !== undefined && size > maxQueueSize) {
    const name = `OTEL_${queue}_MAX_EXPORT_BATCH_SIZE`
    const allowed = `at most the queue's size, ${maxQueueSize}`
    environment.reject(name, String(size), allowed, `${maxQueueSize}`)
  }
  const bytes = environment.number('CALLCHAIN_MAX_QUEUE_BYTES', POSITIVE_COUNT, DEFAULT_QUEUE_BYTES)
  const standard = DEFAULT_DELAYS_MILLIS[queue]
  const delay = read('SCHEDULE_DELAY', MILLIS, standard)
  const timeout = read('EXPORT_TIMEOUT', POSITIVE_MILLIS, DEFAULT_EXPORT_TIMEOUT_MILLIS)
  return {
    maxQueueSize,
    maxQueueBytes: options.maxQueueBytes ?? bytes ?? DEFAULT_QUEUE_BYTES,
    maxExportBatchSize: Math.min(
      options.maxExportBatchSize ?? size ?? DEFAULT_BATCH_SIZE,
      maxQueueSize,
    ),
    scheduledDelayMillis: options.scheduledDelayMillis ?? delay ?? standard,
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
