import type { Agent, ClientRequest } from 'node:http'
import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { Call } from './call.ts'
import { callInProgress } from './call-context.ts'
import { guarded } from './guarded.ts'
import { readNodeRequest } from './node-request.ts'
import { watchNodeRequest } from './node-response.ts'
import { isTraced, TRACED } from './traced.ts'

/**
 * Traces what goes out over an agent of `node:http` or `node:https`, and so every client that takes
 * one. Returns an agent of the same type over the same sockets; the given one stays untraced. Each
 * request, one that a client sends for a redirect included, gets its own CLIENT span and only the
 * headers that its host may have (semantic conventions, "HTTP client span").
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 */
export function traceAgent<A extends Agent>(agent: A, options?: ClientOptions): A {
  if (isTraced(agent)) return agent
  const tracer = createClientTracer(options)
  const methods = new Map<PropertyKey, Method>()
  const traced: A = new Proxy(agent, {
    get: (target, name) => {
      if (name === TRACED) return true
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || name === 'constructor') return value
      let method = methods.get(name)
      if (method?.of !== value) {
        method = { of: value, call: onAgent(tracer, traced, target, name, value) }
        methods.set(name, method)
      }
      return method.call
    },
  })
  return traced
}

interface Method {
  readonly of: unknown
  readonly call: (...args: unknown[]) => unknown
}

// Methods run on the agent itself: they may need private fields, which a proxy does not have.
function onAgent(
  tracer: ClientTracer,
  traced: Agent,
  agent: Agent,
  name: PropertyKey,
  method: unknown,
): Method['call'] {
  return (...args) => {
    // Node hands each request to its agent in this way, before anything of it is sent.
    if (name === 'addRequest') guarded('agent', () => begin(tracer, args))
    const result: unknown = Reflect.apply(method as Method['call'], agent, args)
    return result === agent ? traced : result
  }
}

function begin(tracer: ClientTracer, [request, options]: unknown[]): void {
  const sent = request as ClientRequest
  const call = callInProgress() ?? new Call(tracer)
  const attempt = call.sent(readNodeRequest(sent, options))
  if (!attempt.span.silent) watchNodeRequest(call, attempt, sent)
}
