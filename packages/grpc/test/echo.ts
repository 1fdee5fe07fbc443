import { traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import {
  type Client,
  type ClientOptions,
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { definition, type EchoClient, SERVICE, wider } from './contract-service.ts'

/** What is around the traced interceptors. */
export interface Around {
  readonly before?: readonly ServerInterceptor[]
  readonly after?: readonly ServerInterceptor[]
}

/** A server and a client of it, both traced, and how to end them. */
export interface Echo {
  readonly target: string
  readonly client: EchoClient & Client
  connect(options?: ClientOptions): EchoClient
  close(): void
}

/** Serves the contract's service, with some of its handlers. */
export async function serveEcho(
  handlers: Partial<UntypedServiceImplementation>,
  { before = [], after = [] }: Around = {},
): Promise<Echo> {
  const server = traceGrpcServer(new Server({ interceptors: [...before, tracing(), ...after] }))
  server.addService(definition, handlers as UntypedServiceImplementation)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  const clients: Client[] = []
  const connect = (options: ClientOptions = { interceptors: [traceGrpc()] }): EchoClient => {
    const Made = makeGenericClientConstructor(wider, SERVICE)
    const client = new Made(`127.0.0.1:${port}`, credentials.createInsecure(), options)
    clients.push(client)
    return client as unknown as EchoClient
  }
  return {
    target: `127.0.0.1:${port}`,
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
