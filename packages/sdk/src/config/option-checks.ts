import {
  checkOptions as check,
  FLAG,
  having,
  inside,
  isNamed,
  listOf,
  NAMES,
  type OptionRule,
  type OptionRules,
  oneOf,
  optionError,
  PROPAGATOR,
  SYNC_FUNCTION,
} from '@callchain/core/internal'
import type { SpanLimits } from '@opentelemetry/sdk-trace'
import { headerFault } from './collector-headers.ts'
import {
  COUNT,
  describeRange,
  isInRange,
  MILLIS,
  type NumberRange,
  POSITIVE_COUNT,
  POSITIVE_MILLIS,
  parseHttpUrl,
  RATIO,
} from './environment.ts'
import { EXPORTER_NAMES } from './exporter-names.ts'
import { checkKeep, KEEP } from './keep-checks.ts'
import { checkMetrics, METRICS_RULE } from './metric-checks.ts'
import type { BatchOptions, RedactOptions, StartTracingOptions } from './options.ts'
import { PROPAGATOR_NAMES } from './propagators.ts'
import { REDACT_ACTIONS, REDACT_SHAPES } from './redaction.ts'
import { SAMPLER_NAMES } from './sampler.ts'

const WHAT = 'startTracing()'

/** @throws TypeError that names the first malformed option, its value and what is allowed. */
export function checkOptions(options: StartTracingOptions): void {
  check(WHAT, options, RULES)
  checkMembers(options)
  checkHashing(options)
  checkKeep(WHAT, options.keep)
  checkMetrics(WHAT, options)
  const { maxQueueSize, maxExportBatchSize } = options.batch ?? {}
  if (
    maxQueueSize !== undefined &&
    maxExportBatchSize !== undefined &&
    maxExportBatchSize > maxQueueSize
  ) {
    throw optionError(
      `batch.maxExportBatchSize of ${WHAT}`,
      maxExportBatchSize,
      `at most maxQueueSize (${maxQueueSize})`,
    )
  }
}

/** @throws TypeError when values are to be hashed without a key */
function checkHashing({ redact }: StartTracingOptions): void {
  if (!redact || redact.hashKey !== undefined) return
  const hashed = Object.entries(redact.keys ?? {}).find(([, action]) => action === 'hash')
  if (hashed === undefined || process.env.CALLCHAIN_REDACT_HASH_KEY) return
  throw new TypeError(
    `callchain: redact.keys[${JSON.stringify(hashed[0])}] of ${WHAT} is 'hash', which needs redact.hashKey`,
  )
}

/** What has names of the caller's own: the message says which of them is malformed. */
function checkMembers({ headers = {}, resourceAttributes = {} }: StartTracingOptions): void {
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value)
    if (fault !== undefined) {
      throw new TypeError(`callchain: the header ${JSON.stringify(name)} of ${WHAT} is ${fault}`)
    }
  }
  for (const [name, value] of Object.entries(resourceAttributes)) {
    if (isAttributeValue(value)) continue
    throw optionError(
      `resourceAttributes[${JSON.stringify(name)}] of ${WHAT}`,
      value,
      'a string, a number, a boolean, or an array of these',
    )
  }
}

/** As OpenTelemetry has it; one that is not there is passed by. */
function isAttributeValue(value: unknown): boolean {
  if (Array.isArray(value))
    return value.every((item) => !Array.isArray(item) && isAttributeValue(item))
  return value === undefined || value === null || PRIMITIVES.has(typeof value)
}

const PRIMITIVES: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])

function number(range: NumberRange): OptionRule {
  return { allowed: describeRange(range), holds: (value) => isInRange(value, range) }
}

const text: OptionRule = {
  allowed: 'a non-empty string',
  holds: (value) => typeof value === 'string' && value.trim() !== '',
}

const limit: OptionRule = {
  allowed: `${describeRange(COUNT)}, or Infinity`,
  holds: (value) => isInRange(value, COUNT) || value === Number.POSITIVE_INFINITY,
}

const BATCH_RULES: OptionRules<BatchOptions> = {
  maxQueueSize: number(POSITIVE_COUNT),
  maxQueueBytes: number(POSITIVE_COUNT),
  maxExportBatchSize: number(POSITIVE_COUNT),
  scheduledDelayMillis: number(MILLIS),
  exportTimeoutMillis: number(POSITIVE_MILLIS),
}

const SPAN_LIMIT_RULES: OptionRules<SpanLimits> = {
  attributeCountLimit: limit,
  attributeValueLengthLimit: limit,
  eventCountLimit: limit,
  linkCountLimit: limit,
  attributePerEventCountLimit: limit,
  attributePerLinkCountLimit: limit,
}

const hashKey: OptionRule = {
  allowed: 'a non-empty string, or bytes',
  holds: (value) => (typeof value === 'string' || value instanceof Uint8Array) && value.length > 0,
  isSecret: true,
}

const REDACT_RULES: OptionRules<RedactOptions> = {
  keys: {
    allowed: `an object whose values are ${REDACT_ACTIONS.map((name) => `'${name}'`).join(', ')}`,
    holds: (value) =>
      isNamed(value) &&
      Object.values(value).every((action) => REDACT_ACTIONS.some((name) => name === action)),
  },
  shapes: listOf(oneOf(REDACT_SHAPES), `the names ${REDACT_SHAPES.join(', ')}`),
  queryNames: NAMES,
  hashKey,
  custom: SYNC_FUNCTION,
  dryRun: FLAG,
}

const exporter = oneOf(EXPORTER_NAMES, having('a span exporter', 'export', 'shutdown'))

const RULES: OptionRules<StartTracingOptions> = {
  serviceName: text,
  serviceVersion: text,
  resourceAttributes: { allowed: 'an object', holds: isNamed },
  exporter: {
    allowed: `${exporter.allowed}, or an array of these`,
    holds: (value) => exporter.holds(value) || listOf(exporter, '').holds(value),
  },
  logs: oneOf(['otlp', 'none']),
  metrics: METRICS_RULE,
  endpoint: {
    allowed: 'an http or https URL',
    holds: (value) => typeof value === 'string' && parseHttpUrl(value) !== undefined,
  },
  protocol: oneOf(['http/protobuf', 'http/json', 'grpc']),
  headers: {
    allowed: 'an object with string values',
    holds: (value) =>
      isNamed(value) && Object.values(value).every((text) => typeof text === 'string'),
    isSecret: true,
  },
  timeoutMillis: number(POSITIVE_MILLIS),
  compression: oneOf(['gzip', 'none']),
  sampler: oneOf(SAMPLER_NAMES, {
    allowed: `a sampler (with shouldSample), or ${describeRange(RATIO)}`,
    holds: (value) => having('a sampler', 'shouldSample').holds(value) || isInRange(value, RATIO),
  }),
  keep: KEEP,
  propagators: listOf(oneOf(PROPAGATOR_NAMES), `the names ${PROPAGATOR_NAMES.join(', ')}`),
  propagator: PROPAGATOR,
  batch: inside(BATCH_RULES),
  spanLimits: inside(SPAN_LIMIT_RULES),
  spanProcessors: listOf(
    having('a span processor', 'onStart', 'onEnd', 'forceFlush', 'shutdown'),
    'span processors (with onStart, onEnd, forceFlush, shutdown)',
  ),
  redact: {
    allowed: 'false, or an object',
    holds: (value) => value === false || isNamed(value),
    inside: REDACT_RULES as Readonly<Record<string, OptionRule>>,
  },
  signals: FLAG,
  exitTimeoutMillis: number(MILLIS),
  disabled: FLAG,
}
