import { createRpcServerTracer, type RpcServerOptions } from '@callchain/core'
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import type { GrpcRequest } from './grpc-request.ts'
import { ServedCall } from './served-call.ts'

/** Options of `tracing()` for gRPC; hooks get the method, the metadata and the call. */
export type GrpcServerOptions = RpcServerOptions<GrpcRequest>

/**
 * Makes an interceptor that opens one SERVER span for each call of a gRPC server, with the status that
 * was sent, and runs later interceptors and the handler in its context. Put it first. What a handler
 * throws, and its listeners of `cancelled`, are seen by `traceGrpcServer()` alone. Throws a TypeError
 * for an option that is not allowed.
 *
 * @example
 * ```ts
 * import { Server } from '@grpc/grpc-js'
 * import { traceGrpcServer, tracing } from '@callchain/grpc'
 *
 * const server = traceGrpcServer(new Server({ interceptors: [tracing()] }))
 * server.addService(StockService, handlers)
 * ```
 */
export function tracing(options: GrpcServerOptions = {}): ServerInterceptor {
  const tracer = createRpcServerTracer(options as RpcServerOptions)
  return (descriptor, call) => {
    const method = descriptor.path.replace(/^\//, '')
    const served = new ServedCall(descriptor.requestStream || descriptor.responseStream)
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            served.begin(tracer, { method, metadata, call })
            served.run(() => pass(metadata))
          },
          onReceiveMessage: (message, pass) => {
            served.messages.received += 1
            served.run(() => pass(message))
          },
          onReceiveHalfClose: (pass) => served.run(() => pass()),
          // It comes after every call: the first end counts.
          onCancel: () => served.cancel(),
        }),
      sendMetadata: (metadata, pass) => {
        served.answer(metadata)
        pass(metadata)
      },
      sendMessage: (message, pass) => {
        served.messages.sent += 1
        served.run(() => pass(message))
      },
      sendStatus: (status, pass) => pass(served.end(status)),
    })
  }
}
