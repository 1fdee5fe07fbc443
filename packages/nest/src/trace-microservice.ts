import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { TRACED_DRIVER } from '@callchain/core/internal'
import { context } from '@opentelemetry/api'
import { tracedHandler } from './microservice/handling.ts'
import { patternName } from './microservice/pattern-name.ts'
import { withMetadata } from './microservice/received-message.ts'
import { traceEvents, tracePublish } from './microservice/sending.ts'
import type { Client, KeptHandler, Strategy } from './microservice/types.ts'

// Nest's numbers of its transports.
const GRPC = 4
const SYSTEMS: Readonly<Record<number, string>> = {
  1: 'redis',
  2: 'nats',
  3: 'mqtt',
  5: 'rabbitmq',
  6: 'kafka',
}

/**
 * Traces the server of a microservice and returns it: each message and each event that a handler gets has a
 * CONSUMER span, in the trace of who sent it, with the identity that came along; it ends with the last
 * answer. Over TCP and Redis both come in the packet that a client of `traceClientProxy()` sent, over NATS,
 * RabbitMQ, Kafka and MQTT in the message's headers. Call it before handlers are registered, which is to
 * say: where you hand it to Nest. Tracing twice changes nothing. Throws a TypeError for anything else, for
 * the server of gRPC, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * app.connectMicroservice(
 *   { strategy: traceMicroservice(new ServerTCP({ port: 3001 })) },
 *   { inheritAppConfig: true },
 * )
 * ```
 */
export function traceMicroservice<Server extends object>(
  server: Server,
  options: MessageOptions = {},
): Server {
  const strategy = server as unknown as Strategy
  if (!has(server, 'addHandler')) {
    throw new TypeError(
      'callchain: traceMicroservice() needs a Server of @nestjs/microservices, such as new ServerTCP(…)',
    )
  }
  if (strategy.transportId === GRPC) {
    throw new TypeError('callchain: the gRPC transport is traced by @callchain/grpc')
  }
  const tracer = createMessageTracer(options)
  if (!markTraced(server)) return server
  const system = SYSTEMS[strategy.transportId as number] ?? 'nest'
  const { addHandler, handleMessage } = strategy
  strategy.addHandler = function (this: Strategy, pattern, callback: KeptHandler, ...rest) {
    const handled = { tracer, system, destination: patternName(pattern) }
    return addHandler.call(this, pattern, tracedHandler(callback, handled), ...rest)
  }
  if (system !== 'nest' || typeof handleMessage !== 'function') return server
  // Before Nest 12, a handler is not told of the metadata of a packet.
  strategy.handleMessage = function (this: Strategy, ...args) {
    return context.with(withMetadata(context.active(), args[1]), () =>
      Reflect.apply(handleMessage, this, args),
    )
  }
  return server
}

/**
 * Traces a client of a microservice and returns it: each `send()` has a PRODUCER span until its last answer,
 * each `emit()` until it is sent, and both write trace and identity into the packet, for TCP and Redis. What
 * the answer sets off runs in the context of who asked. Tracing twice changes nothing. Throws a TypeError
 * for anything else, and for an option that is not allowed.
 *
 * @example
 * ```ts
 * const stock = { provide: 'STOCK', useFactory: () =>
 *   traceClientProxy(ClientProxyFactory.create({ transport: Transport.TCP, options: { port: 3001 } })) }
 * ```
 */
export function traceClientProxy<Proxy extends object>(
  client: Proxy,
  options: MessageOptions = {},
): Proxy {
  if (!has(client, 'publish') || !has(client, 'dispatchEvent') || has(client, 'getService')) {
    throw new TypeError(
      'callchain: traceClientProxy() needs a ClientProxy of @nestjs/microservices; that of gRPC is traced by @callchain/grpc',
    )
  }
  const tracer = createMessageTracer(options)
  if (!markTraced(client)) return client
  tracePublish(client as unknown as Client, tracer)
  traceEvents(client as unknown as Client, tracer)
  return client
}

function has(target: unknown, method: string): boolean {
  return (
    typeof target === 'object' &&
    target !== null &&
    typeof Reflect.get(target, method) === 'function'
  )
}

function markTraced(target: object): boolean {
  if (Object.hasOwn(target, TRACED_DRIVER)) return false
  Object.defineProperty(target, TRACED_DRIVER, { value: true })
  return true
}
