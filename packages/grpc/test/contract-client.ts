import type { RpcAnswer, RpcCaller, RpcCalling } from '@callchain/testing'
import type { ClientDuplexStream, Metadata, ServiceError, StatusObject } from '@grpc/grpc-js'
import type { EchoClient } from './contract-service.ts'

type Grpc = typeof import('@grpc/grpc-js')

/** What all four kinds of calls have; some of them can be written to, or read. */
type AnyCall = Pick<ClientDuplexStream<string, string>, 'cancel' | 'on' | 'write' | 'end'>

/** The contract's calls, made with a client of grpc-js. */
export function callerOf(grpc: Grpc, client: EchoClient): RpcCaller {
  type Make = (metadata: Metadata, options: { deadline?: number }) => AnyCall
  const stream = (make: Make, sent: readonly string[] | undefined, calling: RpcCalling = {}) =>
    new Promise<RpcAnswer>((resolve) => {
      const texts: string[] = []
      const call = start(grpc, make, calling)
      call.on('data', (text: string) => {
        texts.push(text)
        calling.onMessage?.(text)
      })
      // What failed is in the status as well.
      call.on('error', () => {})
      call.on('status', ({ code, details }: StatusObject) =>
        resolve({ status: grpc.status[code] ?? String(code), details, texts }),
      )
      for (const text of sent ?? []) call.write(text)
      if (sent !== undefined) call.end()
    })
  type MakeUnary = (respond: Respond, ...rest: Parameters<Make>) => AnyCall
  type Respond = (error: ServiceError | null, text?: string) => void
  const single = (make: MakeUnary, sent: readonly string[] | undefined, calling: RpcCalling = {}) =>
    new Promise<RpcAnswer>((resolve) => {
      const respond: Respond = (error, text) => {
        if (text !== undefined) calling.onMessage?.(text)
        const code = error?.code ?? grpc.status.OK
        resolve({
          status: grpc.status[code] ?? String(code),
          details: error?.details ?? 'OK',
          texts: text === undefined ? [] : [text],
        })
      }
      const call = start(grpc, (...rest) => make(respond, ...rest), calling)
      for (const text of sent ?? []) call.write(text)
      if (sent !== undefined) call.end()
    })
  return {
    unary: (text, calling) =>
      single((respond, ...rest) => client.unary(text, ...rest, respond), undefined, calling),
    clientStream: (texts, calling) =>
      single((respond, ...rest) => client.clientStream(...rest, respond), texts, calling),
    serverStream: (text, calling) =>
      stream((...rest) => client.serverStream(text, ...rest), undefined, calling),
    bidi: (texts, calling) => stream((...rest) => client.bidi(...rest), texts, calling),
    unknown: () => single((respond, ...rest) => client.unknown('', ...rest, respond), undefined),
    close: () => client.close(),
  }
}

function start(
  grpc: Grpc,
  make: (metadata: Metadata, options: { deadline?: number }) => AnyCall,
  { metadata = {}, timeout, signal }: RpcCalling,
): AnyCall {
  const sent = new grpc.Metadata()
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value)
  const call = make(sent, timeout === undefined ? {} : { deadline: Date.now() + timeout })
  signal?.addEventListener('abort', () => call.cancel())
  return call
}
