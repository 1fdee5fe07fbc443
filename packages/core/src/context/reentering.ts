import { type Context, diag } from '@opentelemetry/api'
import { count } from '../otel/counters.ts'
import { REENTERING } from '../otel/shared-keys.ts'
import { enterContext } from './direct-context.ts'
import { foreignTo } from './in-request.ts'
import { tracedRequest } from './traced-requests.ts'

/** More names than an application has; no more are remembered, or warned of. */
const MAX_WARNED_STEPS = 200

/** Properties of a function that are no part of what it is used for. */
const OWN_TO_EACH: ReadonlySet<string | symbol> = new Set(['prototype', 'arguments', 'caller'])

const warned = new Set<string>()

/** A function of the application's that a framework calls for a request: a middleware, a hook, a handler. */
export type Step = (...args: never[]) => unknown

/**
 * A function that runs a step of a request in that request's context, from wherever it is called: `requestOf`
 * finds Node's request among the step's arguments, and must not throw. An inner span of the same
 * request stays active. It looks like the step: its name, its length, its properties. `name` is what
 * a warning calls the step by when it calls back in the context of another request.
 *
 * @example
 * ```ts
 * const step = reentering(middleware, 'the session', ([req]) => req)
 * router.use(step)
 * ```
 */
export function reentering<F extends Step>(
  step: F,
  name: string,
  requestOf: (args: Parameters<F>) => unknown,
): F {
  if (REENTERING in step) return step
  function reentered(this: unknown, ...args: Parameters<F>): unknown {
    const home = arrive(requestOf(args), name)
    // Not by a closure: one would be made for each call, needed or not.
    return home === undefined
      ? Reflect.apply(step, this, args)
      : enterContext(home, Reflect.apply, step, this, args)
  }
  return disguise(reentered, step) as unknown as F
}

/** Notes that a step begins; the context to enter first, where the active one is not the request's. */
function arrive(req: unknown, name: string): Context | undefined {
  const traced = tracedRequest(req)
  if (traced === undefined) return undefined
  const { step: before } = traced
  traced.step = name
  const home = foreignTo(traced)
  if (home !== undefined) report(before)
  return home
}

// Frameworks tell steps apart by their length and kind, and keep routers and parameters on them.
function disguise(reentered: object, step: Step): object {
  for (const key of Reflect.ownKeys(step)) {
    const property = Reflect.getOwnPropertyDescriptor(step, key)
    if (property !== undefined && !OWN_TO_EACH.has(key)) {
      Object.defineProperty(reentered, key, property)
    }
  }
  Object.defineProperty(reentered, 'constructor', { value: step.constructor })
  return Object.defineProperty(reentered, REENTERING, { value: true })
}

function report(step = 'a middleware'): void {
  count('callchain.context.foreign', 1, { middleware: step })
  if (warned.has(step) || warned.size >= MAX_WARNED_STEPS) return
  warned.add(step)
  const message = `callchain: ${step} ran its callback in the context of another request, or of none. The steps that follow run in the right context again, but the callback did not. Name the request in the callback: tenant.set(value, request), or inRequest(request, callback) from @callchain/core.`
  diag.warn(message)
  process.emitWarning(message, { code: 'CALLCHAIN_FOREIGN_CONTEXT' })
}
