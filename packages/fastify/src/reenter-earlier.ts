import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PHASES, reenter, reenterHook } from './reenter-hooks.ts'

// Internals of Fastify: without them, what was added too early stays as it is.
const HOOKS = 'fastify.hooks'
const ROUTE = 'fastify.context'

interface Hooks {
  [phase: string]: unknown
  add(phase: string, hook: unknown): unknown
}

interface ErrorHandler {
  func: unknown
}

interface RouteContext {
  [phase: string]: unknown
  handler: unknown
  errorHandler?: ErrorHandler | null
}

/** Sees to routes that the plugin has come too late for. */
export interface EarlierRoutes {
  /** Notes that a route will be seen to without this. */
  know(url: unknown): void
  /** To be called when a request comes in. */
  reenter(request: FastifyRequest): void
}

/**
 * The hooks that were added before the plugin was loaded: of `app.register(tracing)` without `await`,
 * that is all that follows it in the same file.
 */
export function reenterEarlierHooks(app: FastifyInstance): void {
  const hooks = hidden(app, HOOKS) as Hooks | undefined
  if (typeof hooks?.add !== 'function') return
  for (const phase of PHASES) reenterList(hooks[phase], phase)
  const { add } = hooks
  hooks.add = function (phase, hook) {
    return add.call(this, phase, reenterHook(phase, hook))
  }
}

/** The same for routes, when their first request comes in: until then they are not complete. */
export function createEarlierRoutes(): EarlierRoutes {
  const known = new Set<unknown>()
  const seen = new WeakSet<object>()
  return {
    know: (url) => void known.add(url),
    reenter: (request) => {
      const route = hidden(request, ROUTE) as RouteContext | undefined
      if (route === undefined || seen.has(route)) return
      seen.add(route)
      reenterErrorHandler(route.errorHandler)
      if (!known.has(request.routeOptions.url)) reenterEarlierRoute(route)
    },
  }
}

function reenterEarlierRoute(route: RouteContext): void {
  for (const phase of PHASES) reenterList(route[phase], phase)
  route.handler = reenter(route.handler, 'a handler', 0)
}

function reenterList(list: unknown, phase: string): void {
  if (!Array.isArray(list)) return
  for (const [index, hook] of list.entries()) list[index] = reenterHook(phase, hook)
}

// Each leads to the one around it; the last is Fastify's own, and every application's.
function reenterErrorHandler(handler: ErrorHandler | null | undefined): void {
  for (let each = handler; each != null; each = Object.getPrototypeOf(each)) {
    const outer: unknown = Object.getPrototypeOf(each)
    if (outer === Object.prototype || outer === null) return
    if (Object.hasOwn(each, 'func')) each.func = reenter(each.func, 'the error handler', 1)
  }
}

// Two lines of Fastify in one process have a symbol each of the same name.
const symbols = new Map<string, symbol[]>()

function hidden(object: object, name: string): unknown {
  const values = object as Record<symbol, unknown>
  const known = symbols.get(name) ?? []
  for (const symbol of known) if (symbol in object) return values[symbol]
  for (let each = object; each !== null; each = Object.getPrototypeOf(each)) {
    const found = Object.getOwnPropertySymbols(each).find(({ description }) => description === name)
    if (found === undefined) continue
    symbols.set(name, [...known, found])
    return values[found]
  }
  return undefined
}
