import type { Settings } from '../setting.ts'

const NO_SERVER = 'the contracts of the packages run it, over real connections'

/** The examples of RPC, GraphQL and sockets. */
export const protocols: Settings = {
  'core/createRpcClientTracer': {
    onlyCompiled: NO_SERVER,
    before: `import { createRpcClientTracer } from '@callchain/core'
import { context } from '@opentelemetry/api'
declare const request: Parameters<ReturnType<typeof createRpcClientTracer>['send']>[0]
declare function sendOverTheWire(sent: unknown): Promise<{ status: string }>`,
  },
  'core/createRpcServerTracer': {
    onlyCompiled: NO_SERVER,
    before: `import { createRpcServerTracer, runIn } from '@callchain/core'
declare const socket: { remoteAddress: string }
declare const headers: Record<string, string | undefined>
declare const message: object
declare function handle(handled: object): Promise<unknown>`,
  },
  'graphql/apolloTracing': {
    onlyCompiled: NO_SERVER,
    before: `import { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import express from 'express'
const app = express()
const [typeDefs, resolvers] = ['type Query { a: Int }', {}]`,
  },
  'graphql/mercuriusTracing': {
    onlyCompiled: NO_SERVER,
    before: `import fastify from 'fastify'
import mercurius from 'mercurius'
const app = fastify()
const [schema, resolvers] = ['type Query { a: Int }', {}]`,
  },
  'graphql/traceExecution': {
    onlyCompiled: NO_SERVER,
    before: `import type { GraphQLSchema } from 'graphql'
declare const schema: GraphQLSchema
declare function createHandler(options: { schema: object; execute: unknown }): unknown`,
    // It is not installed here.
    instead: { "import { createHandler } from 'graphql-http/lib/use/http'": '' },
  },
  'graphql/traceSchema': {
    onlyCompiled: NO_SERVER,
    before: `import type { GraphQLSchema } from 'graphql'
import type { WebSocketServer } from 'ws'
declare const schema: GraphQLSchema
declare const webSocketServer: WebSocketServer`,
  },
  'graphql/yogaTracing': {
    onlyCompiled: NO_SERVER,
    before: `import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
const schema = createSchema({ typeDefs: 'type Query { a: Int }' })`,
  },
  'grpc/traceGrpc': {
    onlyCompiled: NO_SERVER,
    before: `import { Client } from '@grpc/grpc-js'
class StockClient extends Client {}`,
  },
  'grpc/tracing': {
    onlyCompiled: NO_SERVER,
    before: `import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'
declare const StockService: ServiceDefinition
declare const handlers: UntypedServiceImplementation`,
  },
  'sockets/traceSocketIo': {
    onlyCompiled: NO_SERVER,
    before: `import { tenant } from '@callchain/core'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
const httpServer = createServer()
declare function tenantOf(token: unknown): string
declare function save(order: unknown): Promise<void>`,
  },
  'sockets/traceWebSocketServer': {
    onlyCompiled: NO_SERVER,
    before: `import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
const server = createServer()
declare function save(data: unknown): Promise<void>`,
  },
}
