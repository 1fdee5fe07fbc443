import { type GrpcServerOptions, traceGrpc, traceGrpcServer, tracing } from '@callchain/grpc'
import type { RpcConnecting, RpcServing, RpcUnderTest, ServedRpc } from '@callchain/testing'
import type { Server } from '@grpc/grpc-js'
import { callerOf } from './contract-client.ts'
import { implementation } from './contract-server.ts'
import { definition, type EchoClient, SERVICE, wider } from './contract-service.ts'
import { plainWire, type Wire } from './wires.ts'

type Grpc = typeof import('@grpc/grpc-js')

/** What grpc-js makes impossible. */
export const GAPS = {
  'makes a SERVER span of a call to a method that the server does not have':
    'grpc-js answers it without asking any interceptor',
}

/** Serves and calls the contract's service with a version of grpc-js, over a wire. */
export function grpcSystem(grpc: Grpc, wire: Wire = plainWire(grpc)): RpcUnderTest {
  return {
    system: 'grpc',
    service: SERVICE,
    serve: async (serving) => listen(createServer(grpc, serving), wire),
    connect: (connecting) => callerOf(grpc, createClient(grpc, connecting, wire)),
  }
}

function createServer(grpc: Grpc, { handlers, trace, options }: RpcServing): Server {
  const times = Array.from({ length: trace })
  const interceptors = times.map(() => tracing(options as GrpcServerOptions))
  const server = new grpc.Server({ interceptors })
  for (const _ of times) traceGrpcServer(server)
  server.addService(definition, implementation(grpc, handlers))
  return server
}

async function listen(server: Server, wire: Wire): Promise<ServedRpc> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', wire.server, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  return { target: `127.0.0.1:${port}`, port, shutdown: () => server.forceShutdown() }
}

function createClient(
  grpc: Grpc,
  { target, trace, options, attempts }: RpcConnecting,
  wire: Wire,
): EchoClient {
  const Echo = grpc.makeGenericClientConstructor(wider, SERVICE)
  const client = new Echo(target, wire.client, {
    ...wire.options,
    interceptors: Array.from({ length: trace }, () => traceGrpc(options)),
    ...(attempts > 1 && { 'grpc.service_config': retrying(attempts) }),
  })
  return client as unknown as EchoClient
}

function retrying(maxAttempts: number): string {
  return JSON.stringify({
    loadBalancingConfig: [],
    methodConfig: [
      {
        name: [{ service: SERVICE }],
        retryPolicy: {
          maxAttempts,
          initialBackoff: '0.01s',
          maxBackoff: '0.02s',
          backoffMultiplier: 1,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  })
}
