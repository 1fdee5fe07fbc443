import type { EventEmitter } from 'node:events'
import { RpcFailure, type RpcHandlers, type RpcHandling } from '@callchain/testing'
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'

type Grpc = typeof import('@grpc/grpc-js')
type Call =
  | ServerUnaryCall<string, string>
  | ServerReadableStream<string, string>
  | ServerWritableStream<string, string>
  | ServerDuplexStream<string, string>

/** The contract's handlers, as grpc-js wants them. */
export function implementation(grpc: Grpc, handlers: RpcHandlers): UntypedServiceImplementation {
  const answer = async (result: Promise<string>, respond: sendUnaryData<string>) => {
    try {
      respond(null, await result)
    } catch (error) {
      respond(withCode(grpc, error))
    }
  }
  return {
    unary: (call: ServerUnaryCall<string, string>, respond: sendUnaryData<string>) =>
      void answer(handlers.unary(call.request, handling(grpc, call)), respond),
    clientStream: (call: ServerReadableStream<string, string>, respond: sendUnaryData<string>) =>
      void answer(handlers.clientStream(call, handling(grpc, call)), respond),
    serverStream: (call: ServerWritableStream<string, string>) =>
      void write(grpc, handlers.serverStream(call.request, handling(grpc, call)), call),
    bidi: (call: ServerDuplexStream<string, string>) =>
      void write(
        grpc,
        handlers.bidi(call.iterator({ destroyOnReturn: false }), handling(grpc, call)),
        call,
      ),
  }
}

async function write(
  grpc: Grpc,
  texts: AsyncIterable<string>,
  call: ServerWritableStream<string, string> | ServerDuplexStream<string, string>,
): Promise<void> {
  try {
    for await (const text of texts) call.write(text)
    call.end()
  } catch (error) {
    call.emit('error', withCode(grpc, error))
  }
}

function withCode(grpc: Grpc, error: unknown): Error {
  if (!(error instanceof RpcFailure)) return error as Error
  const code = grpc.status[error.status as keyof Grpc['status']]
  return Object.assign(error, { code })
}

function handling(grpc: Grpc, call: Call): RpcHandling {
  return {
    native: call,
    metadata: (name) => {
      const values = call.metadata.get(name)
      return values.length === 0 ? undefined : values.join(', ')
    },
    metadataNames: () => Object.keys(call.metadata.getMap()),
    answerMetadata: (name, value) => {
      const metadata = new grpc.Metadata()
      metadata.set(name, value)
      call.sendMetadata(metadata)
    },
    onCancelled: (listener) => void (call as EventEmitter).on('cancelled', listener),
  }
}
