import http, { type Agent, type ClientRequest } from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import {
  type ClientOptions,
  type ClientTracer,
  createClientTracer,
  type HttpClientRequest,
} from '@callchain/core'
import { context } from '@opentelemetry/api'
import { Call } from './call/call.ts'
import { guarded } from './call/guarded.ts'
import { isTraced, markTraced } from './call/traced.ts'
import { givenAgent, proxyAgent } from './node/agent-proxy.ts'
import { sendNodeRequest } from './node/attempt.ts'
import { watchNodeRequest, watchResponse } from './node/response.ts'

/** Got, or an instance that was made of it with `extend()`. */
export interface GotInstance {
  extend(...options: never[]): unknown
}

// What got hands to a handler: the options of one call, its own to change.
interface GotOptions {
  agent: { http?: Agent | false; https?: Agent | false; http2?: unknown }
  readonly headers: Record<string, string | string[] | undefined>
  readonly hooks: {
    readonly beforeError: ((error: unknown) => unknown)[]
    readonly beforeRequest: ((options: GotOptions) => void)[]
    readonly beforeRetry: ((error: unknown) => void)[]
  }
  readonly http2: boolean
  readonly isStream: boolean
  readonly method: string
  readonly signal?: AbortSignal
  readonly url?: URL | string
}

interface Running extends Partial<Pick<Readable, 'readableDidRead' | 'readableFlowing'>> {
  on(event: 'request', listener: (request: ClientRequest) => void): unknown
  on(event: 'response', listener: (response: { isFromCache?: unknown }) => void): unknown
}

/**
 * Traces got 14 and later. Returns an instance of the same type that was made of the given one with
 * `extend()`. Each attempt on the wire, redirects and retries included, gets its own CLIENT span and
 * only the headers that its host may have (semantic conventions, "HTTP client span").
 *
 * The span ends with the body; that of a stream which nobody reads, with the headers. Throws a
 * TypeError for an option that is not allowed.
 */
export function traceGot<G extends GotInstance>(got: G, options?: ClientOptions): G {
  if (isTraced(got)) return got
  const tracer = createClientTracer(options)
  // An instance may have been made of a traced one, and be traced on its own as well.
  const handler = (
    options: GotOptions | undefined,
    next: (options: unknown) => Running,
  ): Running =>
    options === undefined || seen.has(options) ? next(options) : run(tracer, options, next)
  const extend = got.extend.bind(got) as (options: unknown) => G
  return markTraced(extend({ handlers: [handler] }))
}

const seen = new WeakSet<GotOptions>()

function run(
  tracer: ClientTracer,
  options: GotOptions,
  next: (options: unknown) => Running,
): Running {
  seen.add(options)
  const call = new Call(tracer, options.signal)
  guarded('got', () => prepare(call, options))
  const running = next(options)
  guarded('got', () => watch(call, options, running))
  return running
}

function prepare(call: Call, options: GotOptions): void {
  const { agent } = options
  options.agent = {
    ...agent,
    http: overAgent(call, agent.http, http),
    https: overAgent(call, agent.https, https),
  }
  // HTTP/2 goes over no such agent. Last of all hooks: others may change the URL, or add headers.
  options.hooks.beforeRequest.push((attempt) => {
    if (attempt.http2 && isSecure(attempt)) guarded('got', () => call.begin(gotRequest(attempt)))
  })
  if (!options.http2) return
  const unanswered = (error: unknown): unknown => {
    // No request was made, for want of a connection.
    if (call.current?.headersAt === undefined) guarded('got', () => call.fail(error))
    return error
  }
  options.hooks.beforeError.push(unanswered)
  options.hooks.beforeRetry.push((error) => void unanswered(error))
}

// Got goes on to use the options of one call for the next: what was laid over its agents is taken off.
function overAgent(
  call: Call,
  agent: Agent | false | undefined,
  { Agent, globalAgent }: Pick<typeof http, 'Agent' | 'globalAgent'>,
): Agent {
  const given = agent === false ? new Agent() : givenAgent(agent ?? globalAgent)
  return proxyAgent(given, (request, options) => {
    // Another instrumentation may have opened a span for this very hop.
    call.base = context.active()
    sendNodeRequest(call, request, options)
  })
}

function isSecure({ url }: GotOptions): boolean {
  return String(url).startsWith('https:')
}

function gotRequest({ method, url, headers }: GotOptions): HttpClientRequest {
  const removeHeader = (name: string): void => {
    // Got writes all names in lower case.
    delete headers[name.toLowerCase()]
  }
  return {
    method,
    url: String(url),
    header: (name) => headers[name]?.toString(),
    removeHeader,
    setHeader: (name, value) => {
      headers[name.toLowerCase()] = value
    },
  }
}

function watch(call: Call, { http2, isStream }: GotOptions, running: Running): void {
  if (http2) {
    running.on('response', ({ isFromCache }) => {
      if (isFromCache === true && call.current?.headersAt === undefined) call.current?.discard()
    })
  }
  running.on('request', (request) =>
    guarded('got', () => {
      const { current: attempt } = call
      if (attempt === undefined || attempt.span.silent) return
      if (!call.seen) watchNodeRequest(call, attempt, request)
      // Before got itself, which goes on to the next attempt at once when it is redirected.
      request.prependOnceListener('response', (response) => {
        if (!call.seen) watchResponse(call, attempt, response)
        if (!isStream) return
        const isUnread = (): boolean =>
          running.readableFlowing === null && running.readableDidRead === false
        attempt.endWhenUnread(isUnread)
      })
    }),
  )
}
