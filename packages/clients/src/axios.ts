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
import type { Attempt } from './attempt.ts'
import { beginAxios } from './axios-request.ts'
import { Call } from './call.ts'
import { enter, isSuppressed, leave } from './call-context.ts'
import { guarded } from './guarded.ts'
import { isNodeStream, watchNodeStream } from './node-stream.ts'
import { isWebStream, watchBody } from './response-body.ts'
import { isTraced, markTraced } from './traced.ts'
import { watchUndici } from './undici-events.ts'

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
  const tracer = createClientTracer(options)
  watchUndici()
  const { defaults, interceptors } = instance
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
    const call = new Call(tracer, config.signal as AbortSignal | undefined)
    const own = guarded('axios', () => beginAxios(call, config, instance.getUri(config)))
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

function received(call: Call, { status, request, data }: AxiosResponse): void {
  const attempt = call.current
  if (attempt === undefined || attempt.ended) return
  if (attempt.headersAt === undefined) attempt.headers(status)
  overConnection(attempt, request)
  if (isNodeStream(data)) watchNodeStream(call, attempt, data)
  else if (call.seen && isWebStream(data)) attempt.bodyState = watchBody(data, attempt)
  else attempt.end()
}

function failed(call: Call, error: unknown): void {
  const { response, request } = (error ?? {}) as Partial<AxiosError>
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
