import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { guard } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios'
import { watchAgents } from './axios/own-adapter.ts'
import { axiosUrl, beginAxios } from './axios/request.ts'
import type { Attempt } from './call/attempt.ts'
import { enter, isSuppressed, leave } from './call/call-context.ts'
import { LogicalCall } from './call/logical-call.ts'
import { isWebStream, watchBody } from './call/response-body.ts'
import { signalIn } from './call/signal.ts'
import { isTraced, markTraced } from './call/traced.ts'
import { isNodeStream, watchNodeStream } from './node/stream.ts'
import { watchUndici } from './undici/events.ts'

export type { ClientOptions, HostRule, SendOptions } from '@callchain/core'

type Config = InternalAxiosRequestConfig

const REPORTS_ABORTS = { reportsAborts: true }

/**
 * Traces an axios instance, and those made of it with `create()`: at its adapter, after every request
 * interceptor, whether that is for `node:http` or for fetch. Returns the same instance. Each attempt on the
 * wire, redirects included, gets its own CLIENT span and only the headers that its host may have
 * (semantic conventions, "HTTP client span").
 *
 * The span ends with the body; that of a stream which nobody reads, with the headers. Throws a
 * TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceAxios } from '@callchain/clients/axios'
 * import axios from 'axios'
 *
 * const stock = traceAxios(axios.create({ baseURL: 'https://stock.example' }))
 *
 * const { data } = await stock.get('/items/7')
 * ```
 */
export function traceAxios<A extends AxiosInstance>(instance: A, options?: ClientOptions): A {
  if (isTraced(instance)) return instance
  watchUndici()
  return traceInstance(createClientTracer(options), instance)
}

function traceInstance<A extends AxiosInstance>(tracer: ClientTracer, instance: A): A {
  if (isTraced(instance)) return instance
  const { create, defaults, interceptors } = instance
  defaults.adapter = traceAdapter(tracer, defaults.adapter, instance)
  // An adapter that is given with one request would replace the traced default one.
  interceptors.request.use(
    (config) => {
      config.adapter = traceAdapter(tracer, config.adapter, instance)
      return config
    },
    undefined,
    { synchronous: true, runWhen: ({ adapter }) => !isTracedAdapter(adapter) },
  )
  // Only axios itself makes other instances.
  if (create !== undefined) instance.create = (made) => traceInstance(tracer, create(made))
  return markTraced(instance)
}

function isTracedAdapter(adapter: Config['adapter']): boolean {
  return typeof adapter === 'function' && isTraced(adapter)
}

function traceAdapter(
  tracer: ClientTracer,
  adapter: Config['adapter'],
  instance: AxiosInstance,
): AxiosAdapter {
  if (typeof adapter === 'function' && isTraced(adapter)) return adapter
  const traced = (config: Config): Promise<AxiosResponse> => {
    const inner = resolveAdapter(instance, adapter, config)
    if (isSuppressed()) return inner(config)
    const call = new LogicalCall(tracer, signalIn(config), REPORTS_ABORTS)
    const own = guard('tracing axios', () => beginAxios(call, config, axiosUrl(instance, config)))
    if (own !== undefined && typeof adapter === 'function') watchAgents(call, own)
    return run(call, inner, config, own ?? config)
  }
  return markTraced(traced)
}

type GetAdapter = (from: Config['adapter'], config: Config) => AxiosAdapter

// By the instance's own copy of axios where it offers that: an application may have several. The
// second argument is read since axios 1.12, and missing from its types.
function resolveAdapter(
  instance: AxiosInstance,
  adapter: Config['adapter'],
  config: Config,
): AxiosAdapter {
  const resolve = (instance as { getAdapter?: GetAdapter }).getAdapter ?? (getAdapter as GetAdapter)
  return resolve(adapter, config)
}

async function run(
  call: LogicalCall,
  adapter: AxiosAdapter,
  config: Config,
  own: Config,
): Promise<AxiosResponse> {
  try {
    const response = await context.with(enter(call), adapter, undefined, own)
    over(call, () => received(call, response))
    // The same object as without tracing: interceptors compare it, and retry with it.
    response.config = config
    return response
  } catch (error) {
    over(call, () => failed(call, error))
    giveBack(error, config)
    throw error
  }
}

function over(call: LogicalCall, end: () => void): void {
  leave(call)
  guard('tracing axios', end)
}

function received(call: LogicalCall, response: AxiosResponse): void {
  const { attempt } = call
  const isFromCache = isAnsweredFromCache(call, response)
  if (attempt === undefined || attempt.isOver) return
  if (isFromCache) {
    attempt.discard()
    return
  }
  const { status, request, data } = response
  if (!attempt.isAnswered) attempt.headers(status)
  overConnection(attempt, request)
  if (isNodeStream(data)) watchNodeStream(call, attempt, data)
  else if (attempt.isSeen && isWebStream(data)) attempt.bodyState = watchBody(data, attempt)
  else attempt.end()
}

// From the cache of the fetch below, or from one that wraps axios, which says so itself.
function isAnsweredFromCache(call: LogicalCall, response: AxiosResponse): boolean {
  if ((response as { cached?: unknown }).cached === true) return true
  // Only a Request of fetch has this method.
  return typeof response.request?.arrayBuffer === 'function' && call.isAnsweredFromCache()
}

function failed(call: LogicalCall, error: unknown): void {
  const { response } = (error ?? {}) as Partial<AxiosError>
  const request = lastRequest(error)
  // With a body, axios rejected the status; without one, the body did not arrive.
  if (response !== undefined && response.data !== undefined) {
    received(call, response)
    return
  }
  const { attempt } = call
  const status: unknown = response?.status ?? request?.res?.statusCode
  if (typeof status === 'number' && attempt?.isAnswered === false) attempt.headers(status)
  if (attempt !== undefined) overConnection(attempt, request)
  call.fail(error)
}

// For a redirect that is not followed, it is inside the request that axios knows of.
function lastRequest(error: unknown): { res?: { statusCode?: unknown } } | undefined {
  const { request } = (error ?? {}) as Partial<AxiosError>
  return request?.res === undefined ? (request?._currentRequest ?? request) : request
}

function overConnection(attempt: Attempt, request: unknown): void {
  const { socket, res } = (request ?? {}) as { socket?: unknown; res?: { httpVersion?: unknown } }
  attempt.connection(socket)
  const version = res?.httpVersion
  if (typeof version === 'string') attempt.protocolVersion = version
}

function giveBack(error: unknown, config: Config): void {
  const { response } = (error ?? {}) as Partial<AxiosError>
  for (const holder of [error, response] as ({ config?: unknown } | null | undefined)[]) {
    if (holder?.config !== undefined) holder.config = config
  }
}
