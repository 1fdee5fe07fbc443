import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api'
import { ensureContextManager } from '../context/fallback-context-manager.ts'
import { createRequestContext } from '../context/request-context.ts'
import { createScope, type Scope } from '../context/scope.ts'
import { JOB_NAME } from '../http/attributes.ts'
import { assignAll } from '../identity/fields.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { guard } from '../otel/guard.ts'
import { optionError } from '../otel/option-error.ts'
import { isTracingSuppressed } from '../otel/suppression.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { type CarriedContext, type ReadCarried, readCarried } from './carried.ts'
import { endWith } from './end-with.ts'
import { flushSpans } from './flush-spans.ts'
import { carriedByEnv, type Environment } from './job-env.ts'
import { checkJobOptions, type JobOptions } from './options.ts'

const globalTracer = createTracerSource(undefined)

/**
 * Runs a job that no request and no message began: a script, a tick of a timer or of cron, a task of
 * a worker thread. It has a span of its own, INTERNAL, which begins a trace; what was active where it
 * was scheduled becomes a link. In it `tenant.get()`, log lines and calls are as in a request, and
 * `tenant.set()` corrects the span.
 *
 * Returns what `job` returns and throws what it throws. The span ends with the promise, as failed
 * when it rejects. Throws a TypeError for a name or an option that is not allowed.
 *
 * @example
 * ```ts
 * cron.schedule('0 3 * * *', () =>
 *   traceJob('nightly-invoices', { identity: { 'tenant.id': 'acme' } }, sendInvoices),
 * )
 * await traceJob('migrate', { from: process.env, flush: true }, migrate)
 * ```
 */
export function traceJob<T>(name: string, job: () => T): T
export function traceJob<T>(name: string, options: JobOptions, job: () => T): T
export function traceJob<T>(name: string, given: JobOptions | (() => T), job?: () => T): T {
  const options = typeof given === 'function' ? {} : given
  const run = typeof given === 'function' ? given : job
  if (typeof name !== 'string' || name === '')
    throw optionError('the name of a job', name, 'a name')
  if (typeof run !== 'function') throw optionError('the job of traceJob()', run, 'a function')
  checkJobOptions(options)
  ensureContextManager(options.tracerProvider !== undefined)
  const { parent, scope } = options.from === undefined ? nothingFrom() : readFrom(options.from)
  if (options.identity !== undefined) assignAll(scope, options.identity, 'traceJob')
  if (isTracingSuppressed(context.active())) {
    return context.with(context.active(), run)
  }
  const span = guard('tracing', () => startSpan(name, options, parent, scope))
  if (span !== undefined) {
    scope.served = { span, route: undefined, rpc: undefined, errorLogs: false, kind: 'message' }
  }
  const within = createRequestContext(ROOT_CONTEXT, span, scope)
  const flush = options.flush === true ? () => flushSpans(options.tracerProvider) : undefined
  return endWith(() => context.with(within, run), span, scope, flush)
}

function nothingFrom(): ReadCarried {
  return { parent: undefined, scope: createScope() }
}

function readFrom(from: NonNullable<JobOptions['from']>): ReadCarried {
  if (isWithEnv(from)) return readCarried(carriedByEnv(from.env), from.identity === true)
  if (isCarried(from)) return readCarried(from, true)
  return readCarried(carriedByEnv(from), false)
}

function isWithEnv(from: object): from is { env: Environment; identity?: boolean } {
  return typeof Reflect.get(from, 'env') === 'object'
}

// The names of an environment's variables are in upper case.
function isCarried(from: object): from is CarriedContext {
  return 'traceparent' in from || 'baggage' in from
}

function startSpan(
  name: string,
  { links = [], attributes: own, tracerProvider }: JobOptions,
  parent: ReadCarried['parent'],
  scope: Scope,
): Span {
  const attributes: Attributes = { [JOB_NAME]: name, ...own }
  addIdentityAttributes(attributes, scope, 'server')
  const active = trace.getSpanContext(context.active())
  const scheduled =
    active !== undefined && trace.isSpanContextValid(active) ? [{ context: active }] : []
  const tracer =
    tracerProvider === undefined ? globalTracer() : createTracerSource(tracerProvider)()
  const parentSpan = parent === undefined ? undefined : trace.wrapSpanContext(parent)
  return tracer.startSpan(
    name,
    { kind: SpanKind.INTERNAL, attributes, links: [...links, ...scheduled] },
    createRequestContext(ROOT_CONTEXT, parentSpan, scope),
  )
}
