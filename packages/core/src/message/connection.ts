import { randomBytes } from 'node:crypto'
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import { createRequestContext } from '../context/request-context.ts'
import { createScope, type Scope, scopeOf } from '../context/scope.ts'
import * as key from '../http/attributes.ts'
import { createTracerSource } from '../otel/current-tracer.ts'
import { guard } from '../otel/guard.ts'
import { addIdentityAttributes } from '../propagation/baggage-identity.ts'
import { type DeliveryCall, startedDelivery } from './delivery-call.ts'

/** One message that came in on a connection that stays open. */
export interface ConnectionMessage {
  /**
   * What it is called, by the application and never by the client; `undefined` for one without a name. One
   * that is found only when it is handled may be set until then.
   */
  event: string | undefined
  /** Attributes of the application's own. */
  readonly attributes?: Attributes | undefined
  /** False for one that is not recorded: what it causes is not, either. */
  readonly isSampled: boolean
}

/** A connection whose handshake is over: what is kept of it, for as long as it is open. */
export interface Connection {
  /** Where its listeners run: it has the identity and the trace of the handshake, and no request. */
  readonly context: Context
  /** Opens the CONSUMER span of one message: a trace of its own, with a link to the handshake. */
  receive(message: ConnectionMessage): DeliveryCall
}

/**
 * Keeps the identity and the place in its trace of a handshake, whose request is let go. `system` is
 * `messaging.system`: `socket.io`, `websocket`.
 */
export function openConnection(
  handshake: Context,
  system: string,
  tracerProvider: TracerProvider | undefined,
): Connection {
  const tracer = createTracerSource(tracerProvider)
  const scope = copyOf(scopeOf(handshake))
  const spanContext = trace.getSpanContext(handshake)
  const span = spanContext === undefined ? undefined : trace.wrapSpanContext(spanContext)
  const links: Link[] =
    spanContext !== undefined && trace.isSpanContextValid(spanContext)
      ? [{ context: spanContext }]
      : []
  return {
    context: createRequestContext(ROOT_CONTEXT, span, scope),
    receive: (message) => {
      const own = copyOf(scope)
      if (!message.isSampled) return unsampled(own)
      return guard('tracing', () => start(message, own)) ?? unsampled(own)
    },
  }

  function start(message: ConnectionMessage, own: Scope): DeliveryCall {
    const shared = (): Attributes => sharedAttributes(system, message)
    const attributes = { ...shared(), ...message.attributes }
    addIdentityAttributes(attributes, own, 'server')
    const name = message.event === undefined ? 'process' : `process ${message.event}`
    const opened = tracer().startSpan(
      name,
      { kind: SpanKind.CONSUMER, attributes, links },
      createRequestContext(ROOT_CONTEXT, undefined, own),
    )
    own.served = {
      span: opened,
      route: undefined,
      rpc: undefined,
      errorLogs: false,
      kind: 'message',
    }
    return startedDelivery(opened, createRequestContext(ROOT_CONTEXT, opened, own), {
      shared,
      messages: 1,
    })
  }
}

/** Names a message that was received without a name: its library knew none, and who handles it does. */
export function nameMessage(call: DeliveryCall, message: ConnectionMessage, name: string): void {
  if (message.event !== undefined) return
  message.event = name
  call.span.updateName(`process ${name}`)
  call.span.setAttribute(key.MESSAGING_DESTINATION_NAME, name)
}

function sharedAttributes(system: string, { event }: ConnectionMessage): Attributes {
  return {
    [key.MESSAGING_SYSTEM]: system,
    [key.MESSAGING_OPERATION_NAME]: 'process',
    [key.MESSAGING_OPERATION_TYPE]: 'process',
    ...(event !== undefined && { [key.MESSAGING_DESTINATION_NAME]: event }),
  }
}

// Values that a message sets are its own: the next one begins with those of the connection.
function copyOf(from: Scope | undefined): Scope {
  return { ...createScope(from?.identity.slice()), inRequest: true }
}

// Its calls are in a trace that nobody records, and not each in one of its own.
function unsampled(scope: Scope): DeliveryCall {
  const span = trace.wrapSpanContext({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.NONE,
  })
  return { span, context: createRequestContext(ROOT_CONTEXT, span, scope), settle: () => {} }
}
