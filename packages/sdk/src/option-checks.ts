import {
  describeRange,
  isInRange,
  MILLIS,
  type NumberRange,
  POSITIVE_COUNT,
  POSITIVE_MILLIS,
  parseHttpUrl,
  RATIO,
} from './environment.ts'
import { EXPORTER_NAMES } from './exporters.ts'
import type { BatchOptions, StartTracingOptions } from './options.ts'
import { PROPAGATOR_NAMES } from './propagators.ts'
import { SAMPLER_NAMES } from './sampler.ts'

interface Rule {
  readonly allowed: string
  readonly holds: (value: unknown) => boolean
}

type Rules<T> = Readonly<Record<keyof T, Rule>>

/** @throws TypeError that names the first malformed option, its value and what is allowed. */
export function checkOptions(options: StartTracingOptions): void {
  check('', options, RULES)
  if (options.batch !== undefined) check('batch.', options.batch, BATCH_RULES)
  const { maxQueueSize, maxExportBatchSize } = options.batch ?? {}
  if (
    maxQueueSize !== undefined &&
    maxExportBatchSize !== undefined &&
    maxExportBatchSize > maxQueueSize
  ) {
    throw refusal(
      'batch.maxExportBatchSize',
      maxExportBatchSize,
      `at most maxQueueSize (${maxQueueSize})`,
    )
  }
}

function check<T extends object>(prefix: string, options: T, rules: Rules<T>): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof T] : undefined
    if (rule === undefined) {
      throw new TypeError(
        `startTracing: there is no option ${prefix}${name}; there are ${Object.keys(rules).join(', ')}`,
      )
    }
    if (value !== undefined && !rule.holds(value)) throw refusal(prefix + name, value, rule.allowed)
  }
}

function refusal(name: string, value: unknown, allowed: string): TypeError {
  const shown = name === 'headers' ? '(not shown, it may hold a secret)' : show(value)
  return new TypeError(`startTracing: option ${name} is ${shown}, but must be ${allowed}`)
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

const text: Rule = {
  allowed: 'a text that is not empty',
  holds: (value) => typeof value === 'string' && value.trim() !== '',
}
const flag: Rule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' }
const object: Rule = { allowed: 'an object', holds: isObject }

function number(range: NumberRange): Rule {
  return { allowed: describeRange(range), holds: (value) => isInRange(value, range) }
}

function oneOf(words: readonly string[], other?: Rule): Rule {
  const allowed = `one of ${words.join(', ')}`
  return {
    allowed: other === undefined ? allowed : `${allowed}, or ${other.allowed}`,
    holds: (value) => words.includes(String(value)) || other?.holds(value) === true,
  }
}

function listOf(item: Rule): Rule {
  return {
    allowed: `a list, each ${item.allowed}`,
    holds: (value) => Array.isArray(value) && value.every(item.holds),
  }
}

function having(what: string, ...methods: string[]): Rule {
  return {
    allowed: `${what} (${methods.join(', ')})`,
    holds: (value) => isObject(value) && methods.every((name) => typeof value[name] === 'function'),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const exporter = oneOf(EXPORTER_NAMES, having('a span exporter', 'export', 'shutdown'))
const exporters = listOf(exporter)
const sampler = oneOf(SAMPLER_NAMES, having('a sampler', 'shouldSample'))

const RULES: Rules<StartTracingOptions> = {
  serviceName: text,
  serviceVersion: text,
  resourceAttributes: object,
  exporter: {
    allowed: `${exporter.allowed}, or a list of them`,
    holds: (value) => exporter.holds(value) || exporters.holds(value),
  },
  logs: oneOf(['otlp', 'none']),
  endpoint: {
    allowed: 'an http or https URL',
    holds: (value) => typeof value === 'string' && parseHttpUrl(value) !== undefined,
  },
  protocol: oneOf(['http/protobuf', 'http/json']),
  headers: {
    allowed: 'an object of texts',
    holds: (value) =>
      isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
  },
  timeoutMillis: number(POSITIVE_MILLIS),
  compression: oneOf(['gzip', 'none']),
  sampler: {
    allowed: `${sampler.allowed}, or ${describeRange(RATIO)}`,
    holds: (value) => sampler.holds(value) || isInRange(value, RATIO),
  },
  propagators: listOf(oneOf(PROPAGATOR_NAMES)),
  propagator: having('a propagator', 'inject', 'extract', 'fields'),
  batch: object,
  spanLimits: {
    allowed: 'an object of numbers of 0 or more',
    holds: (value) => isObject(value) && Object.values(value).every((limit) => Number(limit) >= 0),
  },
  spanProcessors: listOf(having('a span processor', 'onStart', 'onEnd', 'forceFlush', 'shutdown')),
  signals: flag,
  exitTimeoutMillis: number(MILLIS),
  disabled: flag,
}

const BATCH_RULES: Rules<BatchOptions> = {
  maxQueueSize: number(POSITIVE_COUNT),
  maxExportBatchSize: number(POSITIVE_COUNT),
  scheduledDelayMillis: number(MILLIS),
  exportTimeoutMillis: number(POSITIVE_MILLIS),
}
