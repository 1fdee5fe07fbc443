import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createPropagator } from '@callchain/core'
import type { TextMapPropagator } from '@opentelemetry/api'
import { guardPropagator } from '../guard/propagator.ts'
import type { Environment } from './environment.ts'
import { joinPropagators } from './join-propagators.ts'
import type { PropagatorName, StartTracingOptions } from './options.ts'

/** The names of propagators, in the order in which warnings list them. */
export const PROPAGATOR_NAMES: readonly PropagatorName[] = [
  'tracecontext',
  'baggage',
  'b3',
  'b3multi',
  'jaeger',
  'xray',
  'none',
]

const DEFAULT_NAMES: readonly PropagatorName[] = ['tracecontext', 'baggage']

const OWN_FIELDS: Readonly<Partial<Record<PropagatorName, readonly string[]>>> = {
  tracecontext: ['traceparent', 'tracestate'],
  baggage: ['baggage'],
}

interface OptionalPropagator {
  readonly module: string
  readonly name: string
  readonly config?: unknown
}

const OPTIONAL: Readonly<Partial<Record<PropagatorName, OptionalPropagator>>> = {
  // B3InjectEncoding: 0 is the single header, 1 the several ones.
  b3: {
    module: '@opentelemetry/propagator-b3',
    name: 'B3Propagator',
    config: { injectEncoding: 0 },
  },
  b3multi: {
    module: '@opentelemetry/propagator-b3',
    name: 'B3Propagator',
    config: { injectEncoding: 1 },
  },
  jaeger: { module: '@opentelemetry/propagator-jaeger', name: 'JaegerPropagator' },
  xray: { module: '@opentelemetry/propagator-aws-xray', name: 'AWSXRayPropagator' },
}

/**
 * The propagator that the options, else `OTEL_PROPAGATORS`, ask for.
 *
 * @throws Error when an option names one whose package is not installed; a variable that does so
 *   gives a warning instead.
 */
export function readPropagator(
  options: StartTracingOptions,
  environment: Environment,
): TextMapPropagator {
  if (options.propagator !== undefined) return guardPropagator(options.propagator)
  if (options.propagators !== undefined) return composePropagators(options.propagators)
  const words = environment.list('OTEL_PROPAGATORS') ?? DEFAULT_NAMES
  const names = words.filter((word): word is PropagatorName =>
    PROPAGATOR_NAMES.some((name) => name === word),
  )
  const fallback = DEFAULT_NAMES.join(',')
  if (names.length < words.length) {
    const allowed = `a list of ${PROPAGATOR_NAMES.join(', ')}`
    environment.reject('OTEL_PROPAGATORS', words.join(','), allowed, fallback)
    return composePropagators(DEFAULT_NAMES)
  }
  try {
    return composePropagators(names)
  } catch (error) {
    const allowed = `installed: ${error instanceof Error ? error.message : error}`
    environment.reject('OTEL_PROPAGATORS', words.join(','), allowed, fallback)
    return composePropagators(DEFAULT_NAMES)
  }
}

function composePropagators(names: readonly PropagatorName[]): TextMapPropagator {
  if (names.includes('none')) return joinPropagators([])
  const fields = names.flatMap((name) => OWN_FIELDS[name] ?? [])
  const others = [...new Set(names)].filter((name) => OWN_FIELDS[name] === undefined)
  const own = fields.length === 0 ? [] : [onlyFields(createPropagator(), fields)]
  return joinPropagators([...own, ...others.map(createNamed)])
}

/** `propagator` without the headers that are not among `fields`. */
function onlyFields(propagator: TextMapPropagator, fields: readonly string[]): TextMapPropagator {
  if (propagator.fields().every((field) => fields.includes(field))) return propagator
  return {
    fields: () => [...fields],
    inject: (context, carrier, setter) =>
      propagator.inject(context, carrier, {
        set: (into, key, value) => fields.includes(key) && setter.set(into, key, value),
      }),
    extract: (context, carrier, getter) =>
      propagator.extract(context, carrier, {
        keys: (from) => getter.keys(from),
        get: (from, key) => (fields.includes(key) ? getter.get(from, key) : undefined),
      }),
  }
}

function createNamed(name: PropagatorName): TextMapPropagator {
  const optional = OPTIONAL[name]
  if (optional === undefined) throw new TypeError(`there is no propagator ${name}`)
  const Propagator = loadOptional(optional.module)[optional.name] as new (
    config?: unknown,
  ) => TextMapPropagator
  return new Propagator(optional.config)
}

/** Loads a package as the application would: it, not we, has it installed. */
function loadOptional(module: string): Record<string, unknown> {
  const places = [process.argv[1], join(process.cwd(), 'package.json')]
  for (const place of places) {
    try {
      if (place !== undefined) return createRequire(place)(module)
    } catch {
      // The next place may have it.
    }
  }
  throw new Error(`the package ${module} is missing; install it with "npm i ${module}"`)
}
