import { createContextKey } from '@opentelemetry/api'
import { MAJOR } from './version.ts'

// Under these keys the copies of our packages in one process (ESM next to CommonJS) find what they
// share. The major version stands in each name: another major may lay the same thing out in another
// way, so it must not find it.
const NAME = `callchain.${MAJOR}`

// OpenTelemetry's own context keys, made from its published names: importing them from
// @opentelemetry/core would pull an SDK line into core.
export const SPAN_KEY: symbol = createContextKey('OpenTelemetry Context Key SPAN')
export const BAGGAGE_KEY: symbol = createContextKey('OpenTelemetry Baggage Key')
export const RPC_METADATA_KEY: symbol = createContextKey(
  'OpenTelemetry SDK Context Key RPC_METADATA',
)
export const SUPPRESS_TRACING_KEY: symbol = createContextKey(
  'OpenTelemetry SDK Context Key SUPPRESS_TRACING',
)

/** Where OpenTelemetry's API keeps what was registered with it. */
export const API_GLOBAL: unique symbol = Symbol.for('opentelemetry.js.api.1')

// In a context.
export const SCOPE_KEY: symbol = createContextKey(`${NAME}.scope`)
/** True in the context of a span that joins an untrusted caller's trace id: the root sampler decides. */
export const EDGE_JOIN_KEY: symbol = createContextKey(`${NAME}.edgeJoin`)
/** Identity that came with headers, of which nobody has said yet whether they are a message's. */
export const OFFER_KEY: symbol = createContextKey(`${NAME}.offer`)
/** The GraphQL operation that is being executed. */
export const GRAPHQL_OPERATION_KEY: symbol = createContextKey(`${NAME}.graphqlOperation`)
/** Of a packet of Nest's that is handled: what travels next to its payload. */
export const PACKET_METADATA_KEY: symbol = createContextKey(`${NAME}.packetMetadata`)
/** Asks a context manager whether it keeps contexts. */
export const PROBE_KEY: symbol = createContextKey(`${NAME}.probe`)
/** The call of gRPC that is being served. */
export const GRPC_CALL_KEY: symbol = createContextKey(`${NAME}.grpcCall`)
/** The message that is being handled. */
export const OPEN_MESSAGE_KEY: symbol = createContextKey(`${NAME}.openMessage`)

// On globalThis: one for the process.
/** The declared fields of identity. */
export const IDENTITY_FIELDS: unique symbol = Symbol.for(`${NAME}.identity`)
/** What is kept with each request that is traced. */
export const TRACED_REQUEST: unique symbol = Symbol.for(`${NAME}.tracedRequest`)
/** Messages that traced instances have handed over, and how to receive them. */
export const KNOWN_MESSAGES: unique symbol = Symbol.for(`${NAME}.knownMessages`)
/** The errors of statements, and what their spans say of them. */
export const DATABASE_ERRORS: unique symbol = Symbol.for(`${NAME}.databaseErrors`)
/** Whether the warning about a `trust` function was given. */
export const TRUST_WARNED: unique symbol = Symbol.for(`${NAME}.trustWarned`)
/** What the SDK in use was announced to do. */
export const SDK_TRAITS: unique symbol = Symbol.for(`${NAME}.sdkTraits`)
/** What `startTracing()` started. */
export const RUNNING_TRACING: unique symbol = Symbol.for(`${NAME}.tracing`)
/** Who decides which traces are kept. */
export const TRACE_KEEPER: unique symbol = Symbol.for(`${NAME}.traceKeeper`)
/** Who takes the lines of traced loggers. */
export const LOG_SINK: unique symbol = Symbol.for(`${NAME}.logSink`)
/** Lines of pino that are not finished yet. */
export const PINO_LINES: unique symbol = Symbol.for(`${NAME}.pinoLines`)

// On an object of the application's, of a framework's or of a driver's.
/** On a context manager of ours: the storage of its contexts. */
export const CONTEXT_STORAGE: unique symbol = Symbol.for(`${NAME}.contextStorage`)
/** On another instrumentation's metadata of a request: our scope. */
export const SCOPE_OF_RPC: unique symbol = Symbol.for(`${NAME}.scopeOfRpc`)
/** On an emitter's `emit`: the context of its listeners. */
export const EMITTER_BINDING: unique symbol = Symbol.for(`${NAME}.emitterBinding`)
/** On a step of the application: it enters its request's context itself. */
export const REENTERING: unique symbol = Symbol.for(`${NAME}.reentering`)
/** On a framework's request or response: a method that tells the context of the request. */
export const REQUEST_CONTEXT: unique symbol = Symbol.for(`${NAME}.requestContext`)
/** On Express's request: the error that it failed with. */
export const EXPRESS_ERROR: unique symbol = Symbol.for(`${NAME}.expressError`)
/** On Koa's context: the route that matched. */
export const KOA_ROUTE: unique symbol = Symbol.for(`${NAME}.koaRoute`)
/** On Koa's context: the router that the request has entered. */
export const KOA_ROUTER: unique symbol = Symbol.for(`${NAME}.koaRouter`)
/** On Fastify's request: what is known of it. */
export const FASTIFY_REQUEST: unique symbol = Symbol.for(`${NAME}.fastifyRequest`)
/** On Fastify's application: its hooks enter their request's context. */
export const FASTIFY_REENTERING: unique symbol = Symbol.for(`${NAME}.fastifyReentering`)
/** On a gRPC server: true when its handlers are traced. */
export const TRACED_GRPC_SERVER: unique symbol = Symbol.for(`${NAME}.tracedGrpcServer`)
/** On an HTTP client: true when it is traced. */
export const TRACED_CLIENT: unique symbol = Symbol.for(`${NAME}.tracedClient`)
/** On a traced agent: the agent that it was made from. */
export const GIVEN_AGENT: unique symbol = Symbol.for(`${NAME}.givenAgent`)
/** On a driver's client, pool or connection: its own property when it is traced. */
export const TRACED_DRIVER: unique symbol = Symbol.for(`${NAME}.tracedDriver`)
/** In the context of a call to NATS: what it goes through has no span of its own. */
export const INSIDE_NATS_KEY: symbol = createContextKey(`${NAME}.insideNats`)
/** On a connection: true while its pool hands it a statement that has its span. */
export const DISPATCHED: unique symbol = Symbol.for(`${NAME}.dispatched`)
/** On a client of node-redis: the database that it selected. */
export const REDIS_SELECTED: unique symbol = Symbol.for(`${NAME}.redisSelected`)
/** On a client of node-redis: how long a command waited for it, in milliseconds. */
export const REDIS_WAITED: unique symbol = Symbol.for(`${NAME}.redisWaited`)
/** On a mixin of pino's: it adds the fields of the trace. */
export const TRACED_MIXIN: unique symbol = Symbol.for(`${NAME}.tracedMixin`)
/** On a logger of winston or bunyan: true when it is traced. */
export const TRACED_LOGGER: unique symbol = Symbol.for(`${NAME}.tracedLogger`)
/** On a line of winston's: the context that it was logged in. */
export const LINE_CONTEXT: unique symbol = Symbol.for(`${NAME}.lineContext`)
/** On a transport of winston's: it hands its lines to the sink. */
export const HANDS_ON_LINES: unique symbol = Symbol.for(`${NAME}.handsOnLines`)
/** On a listener of a signal: it only sends what waits. */
export const EXIT_FLUSH: unique symbol = Symbol.for(`${NAME}.exitFlush`)
/** On a span: true when nobody is to see it. */
export const WITHDRAWN: unique symbol = Symbol.for(`${NAME}.withdrawn`)
/** The recorders of `@callchain/testing`. */
export const TEST_RECORDERS: unique symbol = Symbol.for(`${NAME}.testRecorders`)
/** Who else is told of the spans of such a recorder. */
export const RECORDER_OBSERVERS: unique symbol = Symbol.for(`${NAME}.recorderObservers`)
