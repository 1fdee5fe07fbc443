import type { Agent, ClientRequest } from 'node:http'
import { GIVEN_AGENT, guard, TRACED_CLIENT } from '@callchain/core/internal'

/** Hears of a request on its way through an agent, before anything of it is sent. */
export type OnRequest = (request: ClientRequest, options: unknown) => void

/** Makes an agent of the same type over the same sockets; `onRequest` hears of each request first. */
export function proxyAgent<A extends Agent>(agent: A, onRequest: OnRequest): A {
  const methods = new Map<PropertyKey, { of: unknown; call: Method }>()
  const proxy: A = new Proxy(agent, {
    get: (target, name) => {
      if (name === TRACED_CLIENT) return true
      if (name === GIVEN_AGENT) return target
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function' || name === 'constructor') return value
      let method = methods.get(name)
      if (method?.of !== value) {
        method = { of: value, call: onAgent(target, name, value as Method) }
        methods.set(name, method)
      }
      return method.call
    },
  })
  // Methods run on the agent itself: they may need private fields, which a proxy does not have.
  const onAgent = (target: A, name: PropertyKey, method: Method): Method => {
    return (...args) => {
      // Node hands each request to its agent in this way.
      if (name === 'addRequest') {
        guard('tracing an agent', () => onRequest(args[0] as ClientRequest, args[1]))
      }
      const result = Reflect.apply(method, target, args)
      return result === target ? proxy : result
    }
  }
  return proxy
}

/** The agent below a proxy that `proxyAgent` made; any other agent as it is. */
export function givenAgent<A extends Agent>(agent: A): A {
  return (agent as { [GIVEN_AGENT]?: A })[GIVEN_AGENT] ?? agent
}

type Method = (...args: unknown[]) => unknown
