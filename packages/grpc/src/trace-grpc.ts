import {
  createRpcClientTracer,
  type RpcClientCall,
  type RpcClientOptions,
  type RpcClientTracer,
} from '@callchain/core'
import { InterceptingCall, type Interceptor, type Listener, type Metadata } from '@grpc/grpc-js'
import { type Context, context } from '@opentelemetry/api'
import { metadataText } from './metadata-text.ts'
import { SentCall } from './sent-call.ts'
import { type GrpcTarget, parseTarget } from './target.ts'

/**
 * Makes an interceptor that opens one CLIENT span for each call of a gRPC client, whatever it retries
 * below, and writes the trace and the identity into its metadata, as far as its host may have them.
 * Interceptors that are given with a single call take the place of the client's: name it there again.
 * Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { credentials } from '@grpc/grpc-js'
 * import { traceGrpc } from '@callchain/grpc'
 *
 * const stock = new StockClient('dns:stock:50051', credentials.createInsecure(), {
 *   interceptors: [traceGrpc()],
 * })
 * ```
 */
export function traceGrpc(options: RpcClientOptions = {}): Interceptor {
  const tracer = createRpcClientTracer(options)
  return (callOptions, nextCall) => {
    const { path, requestStream, responseStream } = callOptions.method_definition
    const below = nextCall(callOptions)
    const sent = new SentCall({ requestStream, responseStream }, below)
    return new InterceptingCall(below, {
      start: (metadata, _listener, next) => {
        const caller = context.active()
        const own = metadata.clone()
        const method = path.replace(/^\//, '')
        const call = open(tracer, method, parseTarget(below.getPeer()), own)
        sent.begin(call)
        try {
          context.with(call.context, next, undefined, own, listening(sent, caller))
        } catch (error) {
          sent.fail(error)
          throw error
        }
      },
      sendMessage: (message, next) => {
        sent.messages.sent += 1
        next(message)
      },
      cancel: (next) => {
        sent.isCancelled = true
        next()
      },
    })
  }
}

function open(
  tracer: RpcClientTracer,
  method: string,
  target: GrpcTarget,
  metadata: Metadata,
): RpcClientCall {
  return tracer.send({
    system: 'grpc',
    method,
    ...target,
    header: (name) => metadataText(metadata, name),
    setHeader: (name, value) => metadata.set(name, value),
    removeHeader: (name) => metadata.remove(name),
  })
}

// What comes back is told in the caller's context: grpc-js tells it in the connection's. All three are
// written out, each with its `next`: one that takes a single argument passes for a listener of grpc-js's own.
function listening(sent: SentCall, caller: Context): Listener {
  return {
    onReceiveMetadata: (metadata, next) => {
      sent.answered(metadata)
      context.with(caller, next, undefined, metadata)
    },
    onReceiveMessage: (message, next) => {
      if (message !== null) sent.messages.received += 1
      context.with(caller, next, undefined, message)
    },
    onReceiveStatus: (status, next) => {
      sent.end(status)
      context.with(caller, next, undefined, status)
    },
  }
}
