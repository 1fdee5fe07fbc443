import type { RpcClientCall } from '@callchain/core'
import {
  type InterceptingCall,
  type Metadata,
  type StatusObject,
  status as statusCode,
} from '@grpc/grpc-js'
import { parsePeer } from './address.ts'
import { eitherText, previousAttempts } from './metadata-text.ts'
import { statusName } from './status-name.ts'

/** The kinds of messages that a method exchanges. */
export interface MethodKind {
  readonly requestStream: boolean
  readonly responseStream: boolean
}

/** One call on its way through the interceptor. */
export class SentCall {
  /** How many messages it has sent and received. */
  readonly messages = { sent: 0, received: 0 }
  /** Whether the application has called it off. */
  isCancelled = false
  private rpc: RpcClientCall | undefined
  private readonly kind: MethodKind
  private readonly next: Pick<InterceptingCall, 'getPeer'>
  private received: Metadata | undefined

  constructor(kind: MethodKind, next: Pick<InterceptingCall, 'getPeer'>) {
    this.kind = kind
    this.next = next
  }

  /** Says which span is its own. */
  begin(rpc: RpcClientCall): void {
    this.rpc = rpc
  }

  /** Notes the metadata that came back. */
  answered(metadata: Metadata): void {
    this.received = metadata
  }

  /** Ends the span with the status that came. */
  end({ code, metadata }: StatusObject): void {
    const status = this.statusOf(code)
    const peer = parsePeer(this.next.getPeer())
    const { requestStream, responseStream } = this.kind
    this.rpc?.receive({
      status: statusName(status),
      cancelled: this.isCancelled && status === statusCode.CANCELLED,
      previousAttempts: previousAttempts(this.received) ?? previousAttempts(metadata),
      messages: requestStream || responseStream ? this.messages : undefined,
      peerAddress: peer?.host,
      peerPort: peer?.port,
      header: (name) => eitherText(name, this.received, metadata),
    })
  }

  /** Ends the span of a call that could not be started. */
  fail(error: unknown): void {
    this.rpc?.receive({ status: undefined, error })
  }

  // grpc-js tells its caller so, when a server says that all is well and has sent nothing.
  private statusOf(code: number): number {
    const isEmpty = !this.kind.responseStream && this.messages.received === 0
    return code === statusCode.OK && isEmpty ? statusCode.UNIMPLEMENTED : code
  }
}
