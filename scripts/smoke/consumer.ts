// Compiled, not run: what a user writes first with each package, under strict TypeScript.

import { createServer } from 'node:http'
import { Agent } from 'node:https'
import { ApolloServer } from '@apollo/server'
import { traceAgent } from '@callchain/clients/agent'
import { traceAxios } from '@callchain/clients/axios'
import { traceFetch } from '@callchain/clients/fetch'
import { traceGot } from '@callchain/clients/got'
import { traceKy } from '@callchain/clients/ky'
import { traceUndici } from '@callchain/clients/undici'
import {
  currentTrace,
  identityField,
  runWithIdentity,
  setRoute,
  tenant,
  user,
} from '@callchain/core'
import { traceQuery } from '@callchain/databases'
import { traceIoredis } from '@callchain/databases/ioredis'
import { traceMongo } from '@callchain/databases/mongodb'
import { traceMysql } from '@callchain/databases/mysql2'
import { tracePg } from '@callchain/databases/pg'
import { traceRedis } from '@callchain/databases/redis'
import { tracing as expressTracing } from '@callchain/express'
import fastifyDefault, { tracing as fastifyTracing } from '@callchain/fastify'
import { traceExecution, traceSchema } from '@callchain/graphql'
import { apolloTracing } from '@callchain/graphql/apollo'
import { mercuriusTracing } from '@callchain/graphql/mercurius'
import { yogaTracing } from '@callchain/graphql/yoga'
import { tracing as grpcTracing, traceGrpc, traceGrpcServer } from '@callchain/grpc'
import { tracing as honoTracing } from '@callchain/hono'
import { tracing as koaTracing } from '@callchain/koa'
import { logFields, traceUrl } from '@callchain/logs'
import { traceBunyan } from '@callchain/logs/bunyan'
import { traceMixin, tracePino } from '@callchain/logs/pino'
import { traceMeta, traceWinston } from '@callchain/logs/winston'
import { TracingModule } from '@callchain/nest'
import { traceListener, traceServer } from '@callchain/node'
import { createRecorderProvider, createSpanQueue, type SpanQueue } from '@callchain/recorder'
import { startTracing } from '@callchain/sdk'
import { traceSocketIo } from '@callchain/sockets/socket.io'
import { traceWebSocketServer } from '@callchain/sockets/ws'
import {
  createTraceStore,
  findViewer,
  type ImportResult,
  type KeptSpan,
  type RunningViewer,
  startViewer,
  type TraceStore,
  type Viewer,
  type ViewerOptions,
} from '@callchain/viewer'
import {
  Client as GrpcClient,
  Server as GrpcServer,
  credentials as grpcCredentials,
} from '@grpc/grpc-js'
import axios, { type AxiosInstance } from 'axios'
import bunyan from 'bunyan'
import express from 'express'
import fastify from 'fastify'
import { type Got, got } from 'got'
import { buildSchema, execute } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { Hono } from 'hono'
import { Redis } from 'ioredis'
import Koa from 'koa'
import ky, { type KyInstance } from 'ky'
import mercurius from 'mercurius'
import { MongoClient } from 'mongodb'
import mysql from 'mysql2'
import mysqlPromises from 'mysql2/promise'
import pg from 'pg'
import { pino } from 'pino'
import { createClient, createClientPool } from 'redis'
import { Server as IoServer } from 'socket.io'
import { type Dispatcher, interceptors, Agent as UndiciAgent, fetch as undiciFetch } from 'undici'
import winston from 'winston'
import { WebSocketServer } from 'ws'

const queue: SpanQueue = createSpanQueue({ resource: { 'service.name': 'orders' } })
createRecorderProvider({ sink: queue }).getTracer('orders').startSpan('one').end()
const tracing = startTracing({ serviceName: 'orders' })
const region = identityField('order.region', {})

const app = express()
app.use(expressTracing())

new Koa().use(koaTracing())
traceGrpcServer(new GrpcServer({ interceptors: [grpcTracing({ trust: 'internal' })] }))
new GrpcClient('dns:stock:50051', grpcCredentials.createInsecure(), { interceptors: [traceGrpc()] })
new Hono().use(honoTracing({ ignore: (c) => c.req.path === '/health' }))
TracingModule.forRoot(expressTracing, { trust: 'internal' })
traceServer(createServer(traceListener((_req, res) => res.end())), { route: ({ url }) => url })

const server = fastify()
await server.register(fastifyTracing)
await server.register(fastifyDefault)
const schema = traceSchema(buildSchema('type Query { a: Int }'))
await server.register(mercurius, { schema })
mercuriusTracing(server)
new ApolloServer({ schema, plugins: [apolloTracing({ maxSpans: 3 })] })
createYoga({ schema, plugins: [yogaTracing({ document: true })] })
const execution: typeof execute = traceExecution(execute)

traceSocketIo(new IoServer(), { sample: ({ event }) => event !== 'ping' }).on(
  'connection',
  (socket) => socket.on('order', () => tenant.set('acme', socket)),
)
traceWebSocketServer(new WebSocketServer({ noServer: true }), { sample: 0.1 }).close()

const call: typeof fetch = traceFetch()
const client: AxiosInstance = traceAxios(axios.create())
const ofUndici: typeof undiciFetch = traceFetch(undiciFetch, { internalHosts: ['.acme.io'] })
const agent: Agent = traceAgent(new Agent({ keepAlive: true }), { send: { trace: 'internal' } })
const gotten: Got = traceGot(got)
const kept: KyInstance = traceKy(ky)
const dispatcher: Dispatcher = new UndiciAgent().compose(traceUndici(), interceptors.retry())
const pool = tracePg(new pg.Pool())
const log = pino({ mixin: traceMixin() })
tracePino(pino(), { preset: 'ecs' }).info('started')
traceWinston(winston.createLogger({ defaultMeta: traceMeta({ part: 'a' }) })).info('started')
traceBunyan(bunyan.createLogger({ name: 'orders' })).info({
  url: traceUrl('http://localhost/{traceId}'),
})

runWithIdentity({ 'tenant.id': 'acme' }, async () => {
  tenant.set('acme')
  region.set('eu')
  setRoute('/orders/:id')
  log.info({ ...logFields(), user: user.get(), trace: currentTrace() }, 'started')
  await call('http://localhost/')
  await client.get<number>('http://localhost/', { httpsAgent: agent })
  await ofUndici('http://localhost/', { dispatcher })
  const { id }: { id: number } = await gotten('http://localhost/').json<{ id: number }>()
  const items: number[] = await kept.post('http://localhost/', { json: { id } }).json<number[]>()
  log.info({ items })
  await pool.query('SELECT 1')
  await traceMysql(mysqlPromises.createPool({})).query('SELECT 1')
  traceMysql(mysql.createPool({})).query('SELECT 1', () => {})
  await traceIoredis(new Redis()).get('key')
  await traceRedis(createClient()).get('key')
  await traceRedis(createClientPool()).get('key')
  await traceMongo(new MongoClient('mongodb://localhost/', { monitorCommands: true }))
    .db()
    .stats()
  const rows: number = await traceQuery({ system: 'sqlite', text: 'SELECT 1' }, async () => 1)
  log.info({ rows, execution })
})

await tracing.flush()
await tracing.shutdown()

const viewerOptions: ViewerOptions = { port: 0, maxSpans: 1000 }
const viewer: Viewer = await startViewer(viewerOptions)
const imported: ImportResult = viewer.importJson('{"resourceSpans":[]}')
const running: RunningViewer | undefined = await findViewer()
const traces: TraceStore = createTraceStore()
const spans: readonly KeptSpan[] = traces.spans()
log.info({ imported, running, spans })
await viewer.close()
