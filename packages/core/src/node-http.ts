import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse, Http2Stream } from 'node:http2'
import { diag } from '@opentelemetry/api'
import { bindEmitter, type EventWatcher, isWatched } from './emitter-binding.ts'
import type { HttpServerRequest, HttpServerResponse } from './http-server.ts'
import { safely } from './safely.ts'
import type { ServerCall } from './server-call.ts'
import type { ServerTracer } from './server-tracer.ts'

/** A request of Node's own: HTTP/1, or HTTP/2 through the compatibility API. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** A response of Node's own. */
export type NodeResponse = ServerResponse | Http2ServerResponse

/** What only the framework knows about a request. */
export interface FrameworkRequest {
  /** What hooks are called with. Default: Node's request. */
  readonly raw?: unknown
  /** The template of the matched route; asked when the request comes in and again when it ends. */
  route(): string | undefined
  /** Told at the moment the application ends its response, before anything else runs. */
  answered?(): void
  /** What the application threw, or what broke the response; asked when the request ends. */
  error?(): unknown
  /** A header of the response by its lower-case name, where the framework keeps it from Node (Fastify). */
  responseHeader?(name: string): number | string | string[] | undefined
}

/**
 * Traces a request of Node's own, for every framework that stands on it: opens the span, runs the
 * listeners of the request and the response in its context, and ends it when the response is closed,
 * sent or not. `undefined` when the request is traced already, or tracing is suppressed.
 */
export function traceNodeRequest(
  tracer: ServerTracer,
  req: NodeRequest,
  res: NodeResponse,
  framework: FrameworkRequest,
): ServerCall | undefined {
  if (isWatched(res)) return undefined
  const opened = openNodeRequest(tracer, req, framework)
  return opened === undefined ? undefined : followResponse(opened, res)
}

/** A request whose span is open, and whose response is not at hand yet. */
export interface OpenedRequest {
  readonly call: ServerCall | undefined
}

/**
 * The first half of `traceNodeRequest`, for a framework that says something about a request before
 * it hands out the response: opens the span. `followResponse` must come after it.
 */
export function openNodeRequest(
  tracer: ServerTracer,
  req: NodeRequest,
  framework: FrameworkRequest,
): OpenedRequest | undefined {
  const exchange = new NodeExchange(req, framework)
  exchange.call = tracer.receive(exchange)
  return exchange.call === undefined ? undefined : exchange
}

/** The second half: `undefined` when the response is followed already. */
export function followResponse(opened: OpenedRequest, res: NodeResponse): ServerCall | undefined {
  const exchange = opened as NodeExchange
  const { call, req } = exchange
  if (call === undefined || isWatched(res)) return undefined
  exchange.res = res
  if (call.traceResponse !== undefined) setHeader(res, 'traceresponse', call.traceResponse)
  bindEmitter(req, call.context)
  bindEmitter(res, call.context, exchange)
  // The client had left before we were asked: no `close` will follow.
  if (isClosed(res)) call.send(new NodeAnswer(exchange, res))
  return call
}

/**
 * One exchange: its request, as core asks for it, and what its answer is read from. Properties of Node's
 * objects are read once: Express gives each of them a hidden class of its own, and every look is slow.
 */
class NodeExchange implements HttpServerRequest, EventWatcher {
  finished = false
  call: ServerCall | undefined
  readonly raw: unknown
  readonly method: string
  readonly target: string
  readonly protocolVersion: string
  readonly scheme: 'http' | 'https'
  // The response gives its socket back before it closes: what is needed of it is read now.
  readonly peerAddress: string | undefined
  readonly peerPort: number | undefined
  readonly req: NodeRequest
  res: NodeResponse | undefined
  readonly framework: FrameworkRequest
  private readonly headers: NodeRequest['headers']

  constructor(req: NodeRequest, framework: FrameworkRequest) {
    const { socket, httpVersion } = req
    const { originalUrl = req.url ?? '' } = req as { originalUrl?: string }
    this.req = req
    this.res = undefined
    this.framework = framework
    this.raw = framework.raw ?? req
    this.headers = req.headers
    this.method = req.method ?? ''
    this.target = originalUrl
    this.protocolVersion = httpVersion === '2.0' ? '2' : httpVersion
    this.scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
    this.peerAddress = peerAddress(socket)
    this.peerPort = socket.remotePort
  }

  get route(): string | undefined {
    try {
      return this.framework.route()
    } catch (error) {
      diag.error('callchain: the route could not be read', error)
      return undefined
    }
  }

  watch(event: string | symbol): void {
    if (event === 'prefinish') this.answered()
    else if (event === 'finish') this.finished = true
    else if (event === 'close' && this.res !== undefined) {
      this.call?.send(new NodeAnswer(this, this.res))
    }
  }

  private answered(): void {
    const { framework } = this
    if (framework.answered !== undefined) safely('answered', () => framework.answered?.())
  }

  header(name: string): string | undefined {
    const { headers } = this
    const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined)
    return Array.isArray(value) ? value.join(', ') : value
  }
}

/** The answer, at the moment the exchange is over. */
class NodeAnswer implements HttpServerResponse {
  readonly statusCode: number | undefined
  readonly complete: boolean
  private readonly exchange: NodeExchange
  private readonly res: NodeResponse

  constructor(exchange: NodeExchange, res: NodeResponse) {
    this.exchange = exchange
    this.res = res
    this.statusCode = res.headersSent ? res.statusCode : undefined
    this.complete = isComplete(exchange, res)
  }

  get route(): string | undefined {
    return this.exchange.route
  }

  get error(): unknown {
    const { exchange, res } = this
    const { framework } = exchange
    const thrown =
      framework.error === undefined ? undefined : safely('error', () => framework.error?.())
    return thrown ?? ('errored' in res ? (res.errored ?? undefined) : undefined)
  }

  header(name: string): string | undefined {
    const { exchange, res } = this
    const { framework } = exchange
    const value = framework.responseHeader?.(name) ?? res.getHeader(name)
    return value === undefined ? undefined : Array.isArray(value) ? value.join(', ') : String(value)
  }
}

// No single flag tells: an aborted HTTP/2 stream looks finished, an injected request never does.
function isComplete({ req, finished }: NodeExchange, res: NodeResponse): boolean {
  if (!finished && !('writableFinished' in res && res.writableFinished)) return false
  if (req.aborted || !res.writableEnded) return false
  const { stream } = req as { stream?: Http2Stream }
  return !stream?.rstCode
}

function isClosed(res: NodeResponse): boolean {
  const { closed, stream } = res as { closed?: boolean; stream?: Http2Stream }
  return closed ?? stream?.closed ?? false
}

// A Unix socket has no addresses at all. A connection that was reset has lost its peer's: that must
// not pass for a Unix socket, which is as near as a caller can be.
function peerAddress(socket: NodeRequest['socket']): string | undefined {
  const { remoteAddress } = socket
  if (remoteAddress !== undefined) return remoteAddress
  return socket.localAddress === undefined && !socket.destroyed ? undefined : ''
}

function setHeader(res: NodeResponse, name: string, value: string): void {
  if (!res.headersSent) safely('traceresponse', () => res.setHeader(name, value))
}
