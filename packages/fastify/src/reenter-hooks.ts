import { reentering, type Step } from '@callchain/core'
import { FASTIFY_REENTERING } from '@callchain/core/internal'
import type { FastifyInstance } from 'fastify'

/** The hooks that Fastify runs for a request. */
export const PHASES: ReadonlySet<string> = new Set([
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onError',
  'onTimeout',
  'onRequestAbort',
])

/** What we look at of an application; Fastify's own types tell every hook from every other. */
interface Methods {
  addHook: Method
  setErrorHandler: Method
  setNotFoundHandler: Method
  addContentTypeParser: Method
  [FASTIFY_REENTERING]?: true
}

type Method = (this: unknown, ...args: unknown[]) => unknown

/** The options of a route, or of the handler of what is not found. */
type RouteOptions = Record<string, unknown>

/**
 * Sees to it that each hook, handler and error handler that is added from now on runs in its request's
 * context, no matter what called the one before: the application gets methods of its own to add them, which
 * its plugins inherit.
 */
export function reenterHooks(app: FastifyInstance, know: (url: unknown) => void): void {
  const methods = app as unknown as Methods
  if (methods[FASTIFY_REENTERING]) return
  methods[FASTIFY_REENTERING] = true
  const { addHook, setErrorHandler, setNotFoundHandler, addContentTypeParser } = methods
  addHook.call(app, 'onRoute', (options: RouteOptions) => {
    know(options.url)
    reenterRoute(options)
  })
  methods.addHook = function (name, hook, ...rest) {
    return addHook.call(this, name, reenterHook(String(name), hook), ...rest)
  }
  methods.setErrorHandler = function (handler, ...rest) {
    return setErrorHandler.call(this, reenter(handler, 'the error handler', 1), ...rest)
  }
  methods.setNotFoundHandler = function (...args) {
    return setNotFoundHandler.apply(this, args.map(reenterNotFound))
  }
  methods.addContentTypeParser = function (...args) {
    const reentered = args.map((arg) => reenter(arg, 'an anonymous parser', 0))
    return addContentTypeParser.apply(this, reentered)
  }
}

/** A hook that runs in its request's context, where Fastify runs it for a request. */
export function reenterHook(name: string, hook: unknown): unknown {
  if (PHASES.has(name)) return reenter(hook, `an anonymous ${name} hook`, 0)
  if (name !== 'onRoute' || typeof hook !== 'function') return hook
  // It may give the route hooks of its own.
  return function onRoute(this: unknown, options: RouteOptions): void {
    hook.call(this, options)
    reenterRoute(options)
  }
}

function reenterNotFound(arg: unknown): unknown {
  if (typeof arg !== 'object' || arg === null) return reenter(arg, 'the not-found handler', 0)
  const options: RouteOptions = { ...arg }
  reenterOptions(options)
  return options
}

function reenterRoute(options: RouteOptions): void {
  reenterOptions(options)
  options.handler = reenter(options.handler, `the handler of ${String(options.url)}`, 0)
}

function reenterOptions(options: RouteOptions): void {
  for (const phase of PHASES) {
    const hooks = options[phase]
    if (Array.isArray(hooks)) options[phase] = hooks.map((hook) => reenterHook(phase, hook))
    else if (hooks !== undefined) options[phase] = reenterHook(phase, hooks)
  }
  if (options.errorHandler !== undefined) {
    options.errorHandler = reenter(options.errorHandler, 'the error handler', 1)
  }
}

/** A step that runs in its request's context; what is not a function is left for Fastify to refuse. */
export function reenter(step: unknown, anonymous: string, requestAt: number): unknown {
  if (typeof step !== 'function') return step
  const name = step.name.replace(/^(?:bound )+/, '')
  return reentering(step as Step, name || anonymous, (args: readonly unknown[]) => {
    const request = args[requestAt] as { readonly raw?: unknown } | null | undefined
    return request?.raw
  })
}
