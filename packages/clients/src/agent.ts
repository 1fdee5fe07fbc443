import type { Agent } from 'node:http'
import { type ClientOptions, createClientTracer } from '@callchain/core'
import { callInProgress } from './call/call-context.ts'
import { LogicalCall } from './call/logical-call.ts'
import { isTraced } from './call/traced.ts'
import { proxyAgent } from './node/agent-proxy.ts'
import { sendNodeRequest } from './node/attempt.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'

/**
 * Traces what goes out over an agent of `node:http` or `node:https`, and so every client that takes
 * one. Returns an agent of the same type over the same sockets; the given one stays untraced. Each
 * request, including one that a client sends for a redirect, gets its own CLIENT span and only the
 * headers that its host may have (semantic conventions, "HTTP client span").
 *
 * The span ends with the body, or with the headers when the body is not read. Throws a TypeError for
 * an option that is not allowed.
 *
 * @example
 * ```ts
 * import { Agent, get } from 'node:https'
 * import { traceAgent } from '@callchain/clients/agent'
 *
 * const agent = traceAgent(new Agent({ keepAlive: true }))
 *
 * get('https://stock.example/items/7', { agent }, (response) => response.pipe(process.stdout))
 * ```
 */
export function traceAgent<A extends Agent>(agent: A, options?: ClientOptions): A {
  if (isTraced(agent)) return agent
  const tracer = createClientTracer(options)
  return proxyAgent(agent, (request, given) => {
    const call = callInProgress()
    sendNodeRequest(call ?? new LogicalCall(tracer), request, given, call === undefined)
  })
}
