import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { TextMapPropagator } from '@opentelemetry/api'
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core'
import { createPropagator } from './core-parts.ts'
import type { Environment } from './environment.ts'
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
  if (options.propagator !== undefined) return options.propagator
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
  if (names.includes('none')) return new CompositePropagator({ propagators: [] })
  const both = DEFAULT_NAMES.every((name) => names.includes(name))
  const others = names.filter((name) => !both || !DEFAULT_NAMES.includes(name))
  const propagators = [...new Set(others)].map(createNamed)
  if (!both) return new CompositePropagator({ propagators })
  const own = createPropagator()
  return propagators.length === 0
    ? own
    : new CompositePropagator({ propagators: [own, ...propagators] })
}

function createNamed(name: PropagatorName): TextMapPropagator {
  if (name === 'tracecontext') return new W3CTraceContextPropagator()
  if (name === 'baggage') return new W3CBaggagePropagator()
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
