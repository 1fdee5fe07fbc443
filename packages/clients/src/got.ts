import http, { type Agent, type ClientRequest } from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import { EditedRequest } from './call/edited-request.ts'
import { HeaderRecord } from './call/header-editing.ts'
import { LogicalCall } from './call/logical-call.ts'
import { isTraced, markTraced } from './call/traced.ts'
import { givenAgent, proxyAgent } from './node/agent-proxy.ts'
import { sendNodeRequest } from './node/attempt.ts'
import { watchNodeRequest, watchResponse } from './node/response.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'

/** Got, or an instance that was made of it with `extend()`. */
export interface GotInstance {
  extend(...options: never[]): unknown
}

// What got passes to a handler: the options of one call, which the handler may change.
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
 *
 * @example
 * ```ts
 * import { traceGot } from '@callchain/clients/got'
 * import got from 'got'
 *
 * const stock = traceGot(got.extend({ prefixUrl: 'https://stock.example' }))
 *
 * const item = await stock.get('items/7').json()
 * ```
 */
export function traceGot<G extends GotInstance>(got: G, options?: ClientOptions): G {
  if (isTraced(got)) return got
  const tracer = createClientTracer(options)
  // An instance may have been made of a traced one, and be traced itself as well.
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
  const call = new LogicalCall(tracer, options.signal)
  guard('tracing got', () => prepare(call, options))
  const running = next(options)
  guard('tracing got', () => watch(call, options, running))
  return running
}

function prepare(call: LogicalCall, options: GotOptions): void {
  const { agent } = options
  options.agent = {
    ...agent,
    http: overAgent(call, agent.http, http),
    https: overAgent(call, agent.https, https),
  }
  // HTTP/2 does not use such an agent. The last of all hooks: others may change the URL or headers.
  options.hooks.beforeRequest.push((attempt) => {
    if (attempt.http2 && isSecure(attempt))
      guard('tracing got', () => call.begin(gotRequest(attempt)))
  })
  if (!options.http2) return
  const unanswered = (error: unknown): unknown => {
    // No request was made, because there was no connection.
    if (call.attempt?.isAnswered !== true) guard('tracing got', () => call.fail(error))
    return error
  }
  options.hooks.beforeError.push(unanswered)
  options.hooks.beforeRetry.push((error) => void unanswered(error))
}

// Got uses the options of one call for the next, so that its agents may be wrapped already.
function overAgent(
  call: LogicalCall,
  agent: Agent | false | undefined,
  { Agent, globalAgent }: Pick<typeof http, 'Agent' | 'globalAgent'>,
): Agent {
  const given = agent === false ? new Agent() : givenAgent(agent ?? globalAgent)
  return proxyAgent(given, (request, options) => {
    // Another instrumentation may have opened a span for this very hop.
    call.parent = context.active()
    sendNodeRequest(call, request, options)
  })
}

function isSecure({ url }: GotOptions): boolean {
  return String(url).startsWith('https:')
}

function gotRequest({ method, url, headers }: GotOptions): EditedRequest {
  return new EditedRequest(method, String(url), new HeaderRecord(headers, true))
}

function watch(call: LogicalCall, { http2, isStream }: GotOptions, running: Running): void {
  if (http2) {
    running.on('response', ({ isFromCache }) => {
      if (isFromCache === true && call.attempt?.isAnswered === false) call.attempt.discard()
    })
  }
  running.on('request', (request) =>
    guard('tracing got', () => {
      const { attempt } = call
      if (attempt === undefined || !attempt.isTraced) return
      if (!attempt.isSeen) watchNodeRequest(call, attempt, request)
      // Before got itself, which goes on to the next attempt at once when it is redirected.
      request.prependOnceListener('response', (response) => {
        if (!attempt.isSeen) watchResponse(call, attempt, response)
        if (!isStream) return
        const isUnread = (): boolean =>
          running.readableFlowing === null && running.readableDidRead === false
        attempt.endWhenUnread(isUnread)
      })
    }),
  )
}
