import http, { type Agent } from 'node:http'
import https from 'node:https'
import type { InternalAxiosRequestConfig } from 'axios'
import type { LogicalCall } from '../call/logical-call.ts'
import { givenAgent, proxyAgent } from '../node/agent-proxy.ts'
import { sendNodeRequest } from '../node/attempt.ts'

/**
 * Sees where an adapter of the application's own really sends a request: it may ask axios's own adapter
 * for another URL than it was asked for, and the headers are to be those of that host.
 */
export function watchAgents(call: LogicalCall, config: InternalAxiosRequestConfig): void {
  config.httpAgent = overAgent(call, config.httpAgent, http)
  config.httpsAgent = overAgent(call, config.httpsAgent, https)
}

function overAgent(
  call: LogicalCall,
  agent: Agent | false | undefined,
  { Agent, globalAgent }: Pick<typeof http, 'Agent' | 'globalAgent'>,
): Agent {
  const given = agent === false ? new Agent() : givenAgent(agent ?? globalAgent)
  return proxyAgent(given, (request, options) => {
    // It may keep the agent for requests of its own.
    if (call.isOpen) sendNodeRequest(call, request, options)
  })
}
