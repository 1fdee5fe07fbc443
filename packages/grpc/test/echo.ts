import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import type {
  Client,
  ClientOptions,
  ServerInterceptor,
  ServiceError,
  UntypedServiceImplementation,
} from '@grpc/grpc-js'
import * as grpc from '@grpc/grpc-js'
import { definition, type EchoClient, SERVICE, wider } from './contract-service.ts'
import { plainWire, type Wire } from './wires.ts'

/** What is around the traced interceptors. */
export interface Around {
  readonly before?: readonly ServerInterceptor[]
  readonly after?: readonly ServerInterceptor[]
  /** Default: nothing is encrypted, nothing compressed. */
  readonly wire?: Wire
}

/** A server and a client of it, both traced, and how to end them. */
export interface Echo {
  readonly target: string
  readonly port: number
  readonly client: EchoClient & Client
  connect(options?: ClientOptions): EchoClient
  close(): void
}

/** Serves the contract's service, with some of its handlers. */
export async function serveEcho(
  handlers: Partial<UntypedServiceImplementation>,
  { before = [], after = [], wire = plainWire(grpc) }: Around = {},
): Promise<Echo> {
  const server = traceGrpcServer(
    new grpc.Server({ interceptors: [...before, tracing(), ...after] }),
  )
  server.addService(definition, handlers as UntypedServiceImplementation)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', wire.server, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  const clients: Client[] = []
  const connect = (options: ClientOptions = { interceptors: [traceGrpc()] }): EchoClient => {
    const Made = grpc.makeGenericClientConstructor(wider, SERVICE)
    const client = new Made(`127.0.0.1:${port}`, wire.client, { ...wire.options, ...options })
    clients.push(client)
    return client as unknown as EchoClient
  }
  return {
    target: `127.0.0.1:${port}`,
    port,
    client: connect(),
    connect,
    close: () => {
      for (const client of clients) client.close()
      server.forceShutdown()
    },
  }
}

/** Makes a unary call; resolves to its text, or to its error. */
export function unary(
  client: EchoClient,
  text: string,
  ...rest: unknown[]
): Promise<string | ServiceError> {
  return new Promise((resolve) => {
    client.unary(text, ...rest, (error: ServiceError | null, answer?: string) =>
      resolve(error ?? answer ?? ''),
    )
  })
}
