import type { IncomingMessage } from 'node:http'
import { reentering, type Step } from '@callchain/core'
import {
  type Application,
  innerRouterOf,
  type Layer,
  type RouterParts,
  routerOf,
} from './express-parts.ts'

interface RoutedRequest extends IncomingMessage {
  readonly app?: Application
}

type Method = (this: Layer, ...args: unknown[]) => unknown

/** How a stack was when it was last looked at. */
interface Seen {
  readonly length: number
  readonly last: Layer | undefined
}

/** The methods of a layer, in Express 5 and in Express 4, and which of their arguments is the request. */
const METHODS = { handleRequest: 0, handle_request: 0, handleError: 1, handle_error: 1 }

/** What Express calls the layer of an application that was mounted. */
const MOUNTED = 'mounted_app'

const seen = new WeakMap<readonly Layer[], Seen>()
const entered = new WeakSet<Layer>()

/**
 * Sees to it that each middleware, route, parameter and error handler of an application runs in its
 * request's context, no matter what called `next`: its layers get methods of their own. Costs a comparison
 * where nothing was added since the last time.
 */
export function reenterApplication(app: Application | undefined): void {
  for (let each = app; each !== undefined; each = each.parent) {
    const router = routerOf(each)
    if (router !== undefined) reenterRouter(router)
  }
}

function reenterRouter(router: RouterParts): void {
  const { stack, params = {} } = router
  if (!reenterStack(stack, 'middleware')) return
  for (const [name, steps] of Object.entries(params)) {
    for (const [index, step] of steps.entries()) {
      if (typeof step !== 'function') continue
      const label = step.name === '' ? `the parameter ${name}` : step.name
      steps[index] = reentering(step as Step, label, requestAt(0))
    }
  }
}

/** Whether there was anything new in it. */
function reenterStack(stack: readonly Layer[], kind: string): boolean {
  const { length } = stack
  const last = stack[length - 1]
  const before = seen.get(stack)
  if (before?.length === length && before.last === last) return false
  seen.set(stack, { length, last })
  for (const layer of stack) reenterLayer(layer, kind)
  return true
}

function reenterLayer(layer: Layer, kind: string): void {
  if (entered.has(layer)) return
  entered.add(layer)
  const name = nameOf(layer, kind)
  const methods = layer as unknown as Record<string, unknown>
  for (const [method, index] of Object.entries(METHODS)) {
    const original = methods[method]
    if (typeof original !== 'function') continue
    const step = reentering(original as Method, name, requestAt(index))
    methods[method] = index === 0 ? lookingInside(layer, step) : step
  }
  reenterInside(layer)
}

function nameOf({ name = '' }: Layer, kind: string): string {
  if (name === MOUNTED) return 'a mounted application'
  return name === '' || name === '<anonymous>' ? `an anonymous ${kind}` : name
}

function requestAt(index: number): (args: readonly unknown[]) => unknown {
  return (args) => args[index]
}

// What is added to a router or a route later is found when a request gets there.
function lookingInside(layer: Layer, step: Method): Method {
  if (layer.name === MOUNTED) return lookingIntoMounted(step)
  if (layer.route === undefined && innerRouterOf(layer) === undefined) return step
  return function lookInside(...args) {
    reenterInside(layer)
    return step.apply(this, args)
  }
}

function reenterInside(layer: Layer): void {
  const { route } = layer
  if (route !== undefined) reenterStack(route.stack, `handler of ${String(route.path)}`)
  const inner = innerRouterOf(layer)
  if (inner !== undefined) reenterRouter(inner)
}

// Nothing leads from a layer to the application that is mounted there. But a request that waits for
// something in it says where it is.
function lookingIntoMounted(step: Method): Method {
  return function lookIntoMounted(...args) {
    const req = args[0] as RoutedRequest
    const { app: outer } = req
    const result = step.apply(this, args)
    const { app: inner } = req
    if (inner !== outer) reenterApplication(inner)
    return result
  }
}
