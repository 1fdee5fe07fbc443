import { type ClientOptions, type ClientTracer, createClientTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
import {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  getAdapter,
  type InternalAxiosRequestConfig,
} from 'axios'
import { axiosUrl, beginAxios } from './axios/request.ts'
import type { Attempt } from './call/attempt.ts'
import { Call } from './call/call.ts'
import { enter, isSuppressed, leave } from './call/call-context.ts'
import { guarded } from './call/guarded.ts'
import { isWebStream, watchBody } from './call/response-body.ts'
import { signalIn } from './call/signal.ts'
import { isTraced, markTraced } from './call/traced.ts'
import { isNodeStream, watchNodeStream } from './node/stream.ts'
import { watchUndici } from './undici/events.ts'

type Config = InternalAxiosRequestConfig

/**
 * Traces an axios instance, and those made of it with `create()`: at its adapter, after every request
 * interceptor, be it for `node:http` or for fetch. Returns the same instance. Each attempt on the
 * wire, redirects included, gets its own CLIENT span and only the headers that its host may have
 * (semantic conventions, "HTTP client span").
 *
 * The span ends with the body; that of a stream which nobody reads, with the headers. Throws a
 * TypeError for an option that is not allowed.
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
  // An adapter that is given with one request would take the place of the default one.
  interceptors.request.use(
    (config) => {
      config.adapter = traceAdapter(tracer, config.adapter, instance)
      return config
    },
    undefined,
    { synchronous: true, runWhen: ({ adapter }) => !isTracedAdapter(adapter) },
  )
  // The constructor of axios's own instance alone makes others.
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
    const call = new Call(tracer, signalIn(config))
    call.tellsWhy = true
    const own = guarded('axios', () => beginAxios(call, config, axiosUrl(instance, config)))
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
  call: Call,
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

function over(call: Call, end: () => void): void {
  leave(call)
  guarded('axios', end)
}

function received(call: Call, response: AxiosResponse): void {
  const attempt = call.current
  const isWithin = isAnsweredWithin(call, response)
  if (attempt === undefined || attempt.ended) return
  if (isWithin) {
    attempt.discard()
    return
  }
  const { status, request, data } = response
  if (attempt.headersAt === undefined) attempt.headers(status)
  overConnection(attempt, request)
  if (isNodeStream(data)) watchNodeStream(call, attempt, data)
  else if (call.seen && isWebStream(data)) attempt.bodyState = watchBody(data, attempt)
  else attempt.end()
}

// By a cache: of the fetch below, or of what is laid over axios, which says so itself.
function isAnsweredWithin(call: Call, response: AxiosResponse): boolean {
  if ((response as { cached?: unknown }).cached === true) return true
  // What a fetch is asked with.
  return typeof response.request?.arrayBuffer === 'function' && call.isAnsweredWithin()
}

function failed(call: Call, error: unknown): void {
  const { response } = (error ?? {}) as Partial<AxiosError>
  const request = lastRequest(error)
  // With a body it is the status that axios does not like; without, the body did not arrive.
  if (response !== undefined && response.data !== undefined) {
    received(call, response)
    return
  }
  const { current: attempt } = call
  const status: unknown = response?.status ?? request?.res?.statusCode
  if (typeof status === 'number' && attempt?.headersAt === undefined) attempt?.headers(status)
  if (attempt !== undefined) overConnection(attempt, request)
  call.fail(error)
}

// That of a redirect that is not followed is within the request that axios knows of.
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
