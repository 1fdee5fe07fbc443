import { type RpcServerCall, type RpcServerTracer, runIn } from '@callchain/core'
import { GRPC_CALL_KEY, isError, keepTraced, tracedRequest } from '@callchain/core/internal'
import { Metadata, type ServerInterceptingCallInterface, status } from '@grpc/grpc-js'
import type { Context } from '@opentelemetry/api'
import { type GrpcRequest, rpcRequest } from './grpc-request.ts'
import { eitherText } from './metadata-text.ts'
import { statusName } from './status-name.ts'

/** What a traced server tells about the call that it serves. */
export interface HandledCall {
  /** What its handler failed with. */
  error: unknown
  /** True when its answer could not be written. */
  isUnwritable: boolean
}

/** The call that is being served in a context. */
export function handledCall(within: Context): HandledCall | undefined {
  return within.getValue(GRPC_CALL_KEY) as HandledCall | undefined
}

/** A status as it is sent. */
export type SentStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0]

// The caller's timer began before ours, so that it is the first to see that time is up.
const MAX_DEADLINE_SLACK_MS = 500

/** One call on its way through the interceptor. */
export class ServedCall {
  /** How many messages it has sent and received. */
  readonly messages = { sent: 0, received: 0 }
  private readonly isStream: boolean
  private readonly handled: HandledCall = { error: undefined, isUnwritable: false }
  private rpc: Pick<RpcServerCall, 'context' | 'send' | 'answer'> | undefined
  private request: GrpcRequest | undefined
  private startedAt = 0
  private sentMetadata: Metadata | undefined

  constructor(isStream: boolean) {
    this.isStream = isStream
  }

  /** Opens the span, where the call is not traced already. */
  begin(tracer: RpcServerTracer, request: GrpcRequest): void {
    const { metadata } = request
    if (tracedRequest(metadata) !== undefined) return
    const opened = tracer.receive(rpcRequest(request))
    if (opened === undefined) return
    const context = opened.context.setValue(GRPC_CALL_KEY, this.handled)
    this.request = request
    this.startedAt = Date.now()
    this.rpc = {
      context,
      send: (outcome) => opened.send(outcome),
      answer: () => opened.answer(),
    }
    keepTraced(metadata, { call: { context }, step: undefined })
  }

  /** Runs a step of grpc-js in the context of the call. */
  run(step: () => void): void {
    runIn(this.rpc, step)
  }

  /** Notes the metadata that is sent back. */
  answer(metadata: Metadata): void {
    this.sentMetadata = metadata
  }

  /** Ends the span with the status that is sent; returns it with what the caller is told besides. */
  end(sent: SentStatus): SentStatus {
    const { code, metadata } = sent
    const own = metadata ?? undefined
    this.send(code, own)
    const entries = this.rpc?.answer() ?? []
    if (entries.length === 0) return sent
    // What the application has handed over stays as it is.
    const trailers = own?.clone() ?? new Metadata()
    for (const [name, value] of entries) trailers.add(name, value)
    return { ...sent, metadata: trailers }
  }

  /** Ends the span of a call that is over without a status of the application's. */
  cancel(): void {
    this.send(this.statusOfCancelled(), undefined)
  }

  private send(code: number, trailers: Metadata | undefined): void {
    const { error } = this.handled
    this.rpc?.send({
      status: statusName(code),
      error: shownError(error),
      messages: this.isStream ? this.messages : undefined,
      header: (name) => eitherText(name, this.sentMetadata, trailers),
    })
    this.rpc = this.rpc && { ...this.rpc, send: () => {} }
  }

  // grpc-js answers these itself, and tells nobody but the caller.
  private statusOfCancelled(): number {
    if (this.handled.isUnwritable) return status.INTERNAL
    const deadline = this.request?.call.getDeadline() ?? Number.POSITIVE_INFINITY
    const slack = Math.min(MAX_DEADLINE_SLACK_MS, (Number(deadline) - this.startedAt) / 2)
    return Number(deadline) - Date.now() <= slack ? status.DEADLINE_EXCEEDED : status.CANCELLED
  }
}

// A handler may hand over a status in place of an error: it has no class, and its text says what there is.
function shownError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || isError(error)) return error
  const { details, message } = error as { details?: unknown; message?: unknown }
  return [details, message].find((text) => typeof text === 'string')
}
