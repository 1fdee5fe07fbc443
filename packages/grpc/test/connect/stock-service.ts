import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { create, createFileRegistry, type DescMethod, type DescService } from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  MethodDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import { createClient, type HandlerContext, type Transport } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { peerOf, tracing } from './trace-connect.ts'

/** A message of the service: a text. */
export interface Text {
  readonly value: string
}

/** What answers. */
export interface StockHandlers {
  get(text: Text, call: HandlerContext): Promise<Partial<Text>> | Partial<Text>
  watch(text: Text, call: HandlerContext): AsyncIterable<Partial<Text>>
}

/** A client of it, as generated code has it. */
export interface StockClient {
  get(text: Partial<Text>, options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<Text>
  watch(text: Partial<Text>, options?: { signal?: AbortSignal }): AsyncIterable<Text>
}

const VALUE = '.google.protobuf.StringValue'

/** `shop.v1.Stock`, with one method for one message and one for several. */
const Stock = describeStock()

function describeStock(): DescService {
  const method = (name: string, serverStreaming: boolean) =>
    create(MethodDescriptorProtoSchema, {
      name,
      inputType: VALUE,
      outputType: VALUE,
      serverStreaming,
    })
  const service = create(ServiceDescriptorProtoSchema, {
    name: 'Stock',
    method: [method('Get', false), method('Watch', true)],
  })
  const file = create(FileDescriptorProtoSchema, {
    name: 'shop/v1/stock.proto',
    package: 'shop.v1',
    syntax: 'proto3',
    dependency: [file_google_protobuf_wrappers.proto.name],
    service: [service],
  })
  const found = createFileRegistry(file, () => file_google_protobuf_wrappers.proto).getService(
    'shop.v1.Stock',
  )
  if (found === undefined) throw new Error('no service')
  return found
}

export function stockClient(transport: Transport): StockClient {
  return createClient(Stock, transport) as unknown as StockClient
}

/** A service that listens, and how to end it. */
export interface ServedStock {
  readonly url: string
  readonly port: number
  close(): void
}

/** Serves it over HTTP/2, as Connect and as gRPC. */
export async function serveStock(
  handlers: Partial<StockHandlers>,
  options: Parameters<typeof tracing>[0] = {},
): Promise<ServedStock> {
  const handle = connectNodeAdapter({
    routes: (router) => {
      const own = handlers as Record<string, (...given: never[]) => unknown>
      const methods: readonly DescMethod[] = Stock.methods
      const wanted = methods.filter(({ localName }) => own[localName] !== undefined)
      for (const each of wanted) router.rpc(each, own[each.localName] as never)
    },
    interceptors: [tracing(options)],
    contextValues: peerOf,
  })
  const server: Http2Server = createServer(handle)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      server.close()
      for (const session of sessions) session.destroy()
    },
  }
}
