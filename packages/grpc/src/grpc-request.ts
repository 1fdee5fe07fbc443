import type { RpcServerRequest } from '@callchain/core'
import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js'
import { parsePeer } from './address.ts'
import { metadataText, previousAttempts } from './metadata-text.ts'

/** A call as the hooks of `tracing()` get it. */
export interface GrpcRequest {
  /** The method with its service: `shop.v1.Stock/Get`. */
  readonly method: string
  /** What came with the call. */
  readonly metadata: Metadata
  /** The call as interceptors see it: `getPeer()`, `getDeadline()`, and what your version of grpc-js adds. */
  readonly call: ServerInterceptingCallInterface
}

// What grpc-js has had since 1.11, 1.14 and no version before.
type MaybeCall = Partial<Pick<ServerInterceptingCallInterface, 'getHost' | 'getConnectionInfo'>>

/** What core asks of a call that came in. */
export function rpcRequest(request: GrpcRequest): RpcServerRequest {
  const { method, metadata, call } = request
  const peer = peerOf(call)
  return {
    system: 'grpc',
    method,
    // Nothing tells a Unix socket from a connection that is gone already, which is not to be trusted.
    peerAddress: peer?.host ?? '',
    peerPort: peer?.port,
    authority: (call as MaybeCall).getHost?.(),
    previousAttempts: previousAttempts(metadata),
    raw: request,
    header: (name) => metadataText(metadata, name),
    headerNames: () => Object.keys(metadata.getMap()),
  }
}

function peerOf(call: ServerInterceptingCallInterface): ReturnType<typeof parsePeer> {
  const info = (call as MaybeCall).getConnectionInfo?.()
  if (info?.remoteAddress === undefined) return parsePeer(call.getPeer())
  return { host: info.remoteAddress, port: info.remotePort }
}
