import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import {
  createServerTracer,
  inRequest,
  type NodeRequest,
  type NodeResponse,
  noteError,
  runIn,
  type ServerCall,
  traceNodeRequest,
} from '@callchain/core'
import { guard, traceNodeUpgrade } from '@callchain/core/internal'
import { ListenedRequest } from './listened-request.ts'
import { type ListenerOptions, splitOptions } from './listener-options.ts'

/** Opens the span of what an event of the server brings. */
type Begin = (
  args: readonly unknown[],
  request: ListenedRequest<NodeRequest>,
) => ServerCall | undefined

/**
 * Traces a server of `node:http`, `https` or `http2` that exists already, whatever made it: each request
 * that any of its listeners gets, those of `checkContinue` and `checkExpectation` among them, and each
 * handshake of a WebSocket (`upgrade`), whose span ends with the answer to it. Returns the same server.
 * What a listener throws is recorded and goes on as before; a promise that it returns is seen by
 * `traceListener()` alone. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { traceServer } from '@callchain/node'
 *
 * const server = traceServer(app.listen(3000))
 * ```
 */
export function traceServer<Server extends EventEmitter>(
  server: Server,
  options?: ListenerOptions<NodeRequest>,
): Server {
  const { route, tracing } = splitOptions(options)
  const begin = beginnings(tracing)
  const { emit } = server
  server.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    const trace = begin.get(event)
    const pass = (): boolean => Reflect.apply(emit, this, [event, ...args])
    if (event === 'clientError') guard('a failed connection', () => noteTimeout(args))
    if (trace === undefined || this.listenerCount(event) === 0) return pass()
    const request = new ListenedRequest(args[0] as NodeRequest, route)
    return runNoting(trace(args, request), request, pass)
  }
  return server
}

function beginnings(tracing: ListenerOptions<NodeRequest>): ReadonlyMap<string | symbol, Begin> {
  const tracer = createServerTracer(tracing)
  const request: Begin = ([, res], listened) =>
    traceNodeRequest(tracer, listened.raw, res as NodeResponse, listened)
  const upgrade: Begin = ([, socket], listened) =>
    traceNodeUpgrade(tracer, listened.raw, socket as Socket, listened)
  return new Map([
    ['request', request],
    ['checkContinue', request],
    ['checkExpectation', request],
    ['upgrade', upgrade],
  ])
}

function runNoting(
  call: ServerCall | undefined,
  request: ListenedRequest<NodeRequest>,
  pass: () => boolean,
): boolean {
  try {
    return call === undefined ? inRequest(request.raw, pass) : runIn(call, pass)
  } catch (error) {
    request.thrown = error
    throw error
  }
}

// Node answers a request that comes too slowly itself, past its response: the span has the reason.
function noteTimeout([error, socket]: readonly unknown[]): void {
  const { code } = error as { code?: unknown }
  if (code !== 'ERR_HTTP_REQUEST_TIMEOUT') return
  const { _httpMessage: res } = socket as { _httpMessage?: { req?: object } | null }
  if (res?.req !== undefined) noteError(error, res.req)
}
