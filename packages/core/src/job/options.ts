import type { Attributes, Link, TracerProvider } from '@opentelemetry/api'
import type { IdentityInput } from '../identity/assign.ts'
import { checkOptions, isNamed, type OptionRules } from '../otel/check-options.ts'
import { FLAG, TRACER_PROVIDER } from '../otel/option-rules.ts'
import type { CarriedContext } from './carried.ts'
import type { Environment } from './job-env.ts'

/** Options of `traceJob()`. */
export interface JobOptions {
  /** For whom the job is, by the names of declared fields. Default: for nobody. */
  identity?: Readonly<Record<string, IdentityInput | undefined>>
  /**
   * Whose trace the job continues, in place of one of its own: that of the environment this process
   * was started with (`process.env`), with its identity as well under `{ env, identity: true }`; or
   * what `carryContext()` gave in another thread, whose identity is always taken. Default: nobody's.
   */
  from?: Environment | { env: Environment; identity?: boolean } | CarriedContext
  /** Spans that led to the job, besides the one that is active. Default: none. */
  links?: readonly Link[]
  /** Attributes of the job's span. Default: none. */
  attributes?: Attributes
  /**
   * Whether all spans are sent before the job's promise settles, for a script that ends at once.
   * Default: false.
   */
  flush?: boolean
  /** Whose tracer makes the span. Default: the global one. */
  tracerProvider?: TracerProvider
}

const OBJECT = { allowed: 'an object', holds: isNamed }

const RULES: OptionRules<JobOptions> = {
  identity: OBJECT,
  from: OBJECT,
  links: { allowed: 'an array of links', holds: Array.isArray },
  attributes: OBJECT,
  flush: FLAG,
  tracerProvider: TRACER_PROVIDER,
}

/** Checks the options of a job. Throws a TypeError that names the option, the value and what is allowed. */
export function checkJobOptions(options: JobOptions): void {
  checkOptions('traceJob()', options, RULES)
}
