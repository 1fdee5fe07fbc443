import {
  createRpcClientTracer,
  createRpcServerTracer,
  type RpcClientOptions,
  type RpcServerOptions,
} from '@callchain/core'
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextKey,
  createContextValues,
  type Interceptor,
} from '@connectrpc/connect'
import { type Context, context } from '@opentelemetry/api'

type Next = Parameters<Interceptor>[0]
type Request = Parameters<Next>[0]
type End = (error?: unknown) => void

/** For a client: `createConnectTransport({ baseUrl, httpVersion: '2', interceptors: [traceConnect()] })`. */
export function traceConnect(options: RpcClientOptions = {}): Interceptor {
  const tracer = createRpcClientTracer(options)
  return (next) => (request) => {
    const { header, url } = request
    const { hostname, port } = new URL(url)
    const call = tracer.send({
      ...methodOf(request),
      hosts: [hostname.replace(/^\[|\]$/g, '')],
      port: Number(port) || undefined,
      header: (name) => header.get(name) ?? undefined,
      setHeader: (name, value) => header.set(name, value),
      removeHeader: (name) => header.delete(name),
    })
    return follow(next, request, call.context, (error) => {
      const cancelled = error === LEFT || request.signal.aborted
      call.receive({ status: statusOf(error), error, cancelled })
    })
  }
}

interface Peer {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}
const PEER = createContextKey<Peer>({})

/** For a server: `connectNodeAdapter({ routes, interceptors: [tracing()], contextValues: peerOf })`. */
export function tracing(options: RpcServerOptions = {}): Interceptor {
  const tracer = createRpcServerTracer(options)
  return (next) => (request) => {
    const { header, url, contextValues } = request
    const { remoteAddress = '', remotePort } = contextValues.get(PEER)
    const call = tracer.receive({
      ...methodOf(request),
      peerAddress: remoteAddress,
      peerPort: remotePort,
      authority: new URL(url).host,
      raw: request,
      header: (name) => header.get(name) ?? undefined,
      headerNames: () => [...header.keys()],
    })
    if (call === undefined) return next(request)
    return follow(next, request, call.context, (error) => {
      call.send({ status: statusOf(error), error: error === LEFT ? undefined : error })
    })
  }
}

/** Who is at the other end decides whom to trust, and only Node's own request tells. */
export function peerOf({ socket }: { readonly socket: Peer }): ContextValues {
  return createContextValues().set(PEER, socket)
}

function methodOf({ service, method }: Request) {
  return { system: 'connectrpc', method: `${service.typeName}/${method.name}` }
}

// Codes by their names in the protocol: `not_found`.
function statusOf(error: unknown): string {
  if (error === undefined) return 'ok'
  const name = Code[ConnectError.from(error, Code.Internal).code] ?? 'Unknown'
  return name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase()
}

async function follow(next: Next, request: Request, within: Context, end: End) {
  // A client that leaves a stream by its signal reads it no more.
  request.signal.addEventListener('abort', () => end(LEFT), { once: true })
  try {
    const response = await context.with(within, next, undefined, request)
    if (response.stream) return { ...response, message: followed(response.message, within, end) }
    end()
    return response
  } catch (error) {
    end(error)
    throw error
  }
}

const LEFT = new ConnectError('The stream was left before its end.', Code.Canceled)

// A stream ends with its last message, and is read in the context of its call.
async function* followed<Message>(messages: AsyncIterable<Message>, within: Context, end: End) {
  const iterator = messages[Symbol.asyncIterator]()
  let failure: unknown = LEFT
  try {
    for (;;) {
      const { done, value } = await context.with(within, () => iterator.next())
      if (done) {
        failure = undefined
        return
      }
      yield value
    }
  } catch (error) {
    failure = error
    throw error
  } finally {
    end(failure)
    if (failure === LEFT) await iterator.return?.()
  }
}
