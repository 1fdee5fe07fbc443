import type { Socket } from 'node:net'
import { diag } from '@opentelemetry/api'
import { bindEmitter } from '../context/emitter-binding.ts'
import { tracedRequest } from '../context/traced-requests.ts'
import type { FrameworkRequest, NodeRequest } from '../http/framework-request.ts'
import type { ServerCall } from '../server/call.ts'
import type { ServerTracer } from '../server/tracer.ts'
import { NO_ANSWER, NodeExchange } from './exchange.ts'
import { watchHandshake } from './handshake.ts'

const NOTHING_SENT = { headersSent: false }

/**
 * Traces the handshake of a request that leaves HTTP, where Node hands out its socket and no response
 * (`upgrade`). The span ends with what is written on the socket first, 101 or a refusal; what the
 * connection carries later is not in it. `undefined` when the request is traced already, or tracing is
 * suppressed.
 */
export function traceNodeUpgrade(
  tracer: ServerTracer,
  req: NodeRequest,
  socket: Socket,
  framework: FrameworkRequest,
): ServerCall | undefined {
  try {
    return tracedRequest(req) === undefined ? open(tracer, req, socket, framework) : undefined
  } catch (error) {
    diag.error('callchain: a handshake could not be traced', error)
    return undefined
  }
}

function open(
  tracer: ServerTracer,
  req: NodeRequest,
  socket: Socket,
  framework: FrameworkRequest,
): ServerCall | undefined {
  const exchange = new NodeExchange(req, framework)
  const call = tracer.receive(exchange)
  if (call === undefined) return undefined
  exchange.call = call
  bindEmitter(req, call.context, undefined, false, exchange)
  const closed = (): void =>
    exchange.end({ ...NO_ANSWER, route: exchange.route, error: causeOf(socket) })
  watchHandshake(socket, NOTHING_SENT, (status) => {
    socket.off('close', closed)
    exchange.answeredPast(status)
  })
  socket.once('close', closed)
  return call
}

// The client left, or the application dropped the connection without a word.
function causeOf(socket: Socket): unknown {
  if (socket.errored) return socket.errored
  return socket.readableEnded ? undefined : 'the connection was closed without an answer'
}
