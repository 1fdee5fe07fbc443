import type { ChannelCredentials, ClientOptions, ServerCredentials } from '@grpc/grpc-js'
import { selfSigned } from '../../testing/src/client/self-signed.ts'

type Grpc = typeof import('@grpc/grpc-js')

// An address is not a name that TLS may send.
const NAMED: ClientOptions = { 'grpc.ssl_target_name_override': 'localhost' }

/** How bytes go between a client and its server. */
export interface Wire {
  readonly server: ServerCredentials
  readonly client: ChannelCredentials
  /** Options of the client's channel. */
  readonly options: ClientOptions
}

/** Nothing is encrypted, nothing compressed. */
export function plainWire(grpc: Grpc): Wire {
  return {
    server: grpc.ServerCredentials.createInsecure(),
    client: grpc.credentials.createInsecure(),
    options: {},
  }
}

/** Over TLS, where the client shows nothing of itself. */
export function tlsWire(grpc: Grpc): Wire {
  const { server, client } = tlsEnds(grpc)
  return { server: server(false), client, options: NAMED }
}

/** Over TLS, where both show who they are, and what the client sends is compressed. */
export function mutualWire(grpc: Grpc): Wire {
  const { server, known } = tlsEnds(grpc)
  return { server: server(true), client: known, options: { ...NAMED, ...gzip(grpc) } }
}

/** A server that wants a certificate, and a client that has none. */
export function refusedWire(grpc: Grpc): Wire {
  const { server, client } = tlsEnds(grpc)
  return { server: server(true), client, options: NAMED }
}

/** What has a client compress what it sends. grpc-js does not compress answers. */
export function gzip(grpc: Grpc): ClientOptions {
  return { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }
}

function tlsEnds(grpc: Grpc) {
  const [own, caller] = [selfSigned(), selfSigned()]
  const [root, callers] = [Buffer.from(own.cert), Buffer.from(caller.cert)]
  const pair = { private_key: Buffer.from(own.key), cert_chain: root }
  return {
    server: (mutual: boolean) => grpc.ServerCredentials.createSsl(callers, [pair], mutual),
    client: grpc.credentials.createSsl(root),
    known: grpc.credentials.createSsl(root, Buffer.from(caller.key), callers),
  }
}
