import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace'
import {
  createMessageTracer,
  type DeliveryCall,
  identityField,
  type MessageDelivery,
  type MessageOptions,
  runIn,
  runWithIdentity,
  type SentMessage,
  tenant,
  user,
} from '../../src/index.ts'
import { IDENTITY_FIELDS } from '../../src/otel/shared-keys.ts'
import { suppressTracing } from '../../src/otel/suppression.ts'
import { record } from '../recorder.ts'

let exporter: InMemorySpanExporter
let stop: () => Promise<void>
beforeEach(() => {
  ;({ exporter, stop } = record())
})
afterEach(async () => {
  Reflect.deleteProperty(globalThis, IDENTITY_FIELDS)
  await stop()
})

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`

type Headers = Record<string, string>

function outgoing(headers: Headers, room = Number.POSITIVE_INFINITY): SentMessage {
  return {
    header: (name) => headers[name],
    setHeader: (name, value) => {
      if (value.length > room) return false
      headers[name] = value
      return true
    },
    removeHeader: (name) => {
      delete headers[name]
    },
  }
}

const kafka = { system: 'kafka', destination: 'orders' }

function send(headers: Headers[], options: MessageOptions = {}, room?: number): void {
  createMessageTracer(options)
    .send({
      ...kafka,
      operation: 'send',
      batch: headers.length > 1,
      messages: headers.map((each) => outgoing(each, room)),
    })
    .confirm()
}

function delivery(headers: Headers, more: Partial<MessageDelivery> = {}): MessageDelivery {
  const message = { header: (name: string) => headers[name], raw: { headers } }
  return { ...kafka, operation: 'process', messages: [message], ...more }
}

function receive(
  headers: Headers,
  handle: () => void = () => {},
  { options = {}, more = {} }: { options?: MessageOptions; more?: Partial<MessageDelivery> } = {},
): DeliveryCall {
  const call = createMessageTracer(options).receive(delivery(headers, more))
  runIn(call, handle)
  call.settle()
  return call
}

function only(kind: SpanKind): ReadableSpan {
  const [span, ...others] = exporter.getFinishedSpans().filter((each) => each.kind === kind)
  expect(others).toEqual([])
  if (span === undefined) throw new Error('no span has ended')
  return span
}

function within<T>(run: () => T): T {
  return trace.getTracer('test').startActiveSpan('request', (span) => {
    const result = run()
    span.end()
    return result
  })
}

describe('what is sent', () => {
  it('has a PRODUCER span below what is active, and carries it', () => {
    const headers: Headers = { own: '1' }
    within(() => send([headers]))
    const producer = only(SpanKind.PRODUCER)
    const request = only(SpanKind.INTERNAL)
    expect(producer.name).toBe('send orders')
    expect(producer.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    expect(producer.attributes).toEqual({
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'orders',
    })
    const { traceId, spanId } = producer.spanContext()
    expect(headers).toEqual({ own: '1', traceparent: `00-${traceId}-${spanId}-03` })
  })

  it('is one span for a batch, in every message', () => {
    const all: Headers[] = [{}, {}, {}]
    send(all)
    expect(only(SpanKind.PRODUCER).attributes['messaging.batch.message_count']).toBe(3)
    expect(new Set(all.map(({ traceparent }) => traceparent)).size).toBe(1)
  })

  it('replaces the trace of a forwarded message, and links to it', () => {
    const headers: Headers = { traceparent: TRACEPARENT, tracestate: 'a=1' }
    within(() => send([headers]))
    const { links } = only(SpanKind.PRODUCER)
    expect(links.map((link) => link.context.traceId)).toEqual([TRACE])
    expect(headers.traceparent).not.toContain(TRACE)
    expect(headers).not.toHaveProperty('tracestate')
  })

  it('keeps the trace that the application has put in, where no other is active', () => {
    const headers: Headers = { traceparent: TRACEPARENT }
    send([headers])
    expect(headers).toEqual({ traceparent: TRACEPARENT })
    expect(only(SpanKind.CLIENT).links.map((link) => link.context.spanId)).toEqual([SPAN])
  })

  it('carries declared identity first, then baggage of the application', () => {
    const headers: Headers = { baggage: 'own=1,tenant.id=forged' }
    runWithIdentity({ 'tenant.id': 'acme' }, () => send([headers]))
    expect(headers.baggage).toBe('tenant.id=acme,own=1')
  })

  it('carries no field with a hash, which queues would keep, unless it says so', () => {
    identityField('user.id', { hash: { key: 'k' } })
    const headers: Headers = {}
    runWithIdentity({ 'tenant.id': 'acme', 'user.id': 7 }, () => send([headers]))
    expect(headers.baggage).toBe('tenant.id=acme')
    Reflect.deleteProperty(globalThis, IDENTITY_FIELDS)
    identityField('user.id', { hash: { key: 'k' }, messages: true })
    runWithIdentity({ 'user.id': 7 }, () => send([headers]))
    expect(headers.baggage).toBe('user.id=7')
  })

  it('carries neither where `send` says none', () => {
    const headers: Headers = {}
    const options: MessageOptions = { send: { trace: 'none', identity: 'none' } }
    runWithIdentity({ 'tenant.id': 'acme' }, () => send([headers], options))
    expect(headers).toEqual({})
    expect(only(SpanKind.PRODUCER).name).toBe('send orders')
  })

  it('goes out without what it has no room for', () => {
    const headers: Headers = { baggage: 'tenant.id=old' }
    const long = 'x'.repeat(200)
    runWithIdentity({ 'tenant.id': long }, () => send([headers], {}, 60))
    expect(Object.keys(headers)).toEqual(['traceparent'])
  })

  it('has at most 1 KiB of baggage', () => {
    const headers: Headers = { baggage: `own=${'x'.repeat(1100)},other=1` }
    runWithIdentity({ 'tenant.id': 'acme' }, () => send([headers]))
    expect(headers.baggage).toBe('tenant.id=acme,other=1')
  })

  it('stays as it is where tracing is switched off or the destination ignored', () => {
    const headers: Headers = { baggage: 'own=1' }
    context.with(suppressTracing(ROOT_CONTEXT), () => send([headers]))
    send([headers], { ignore: (name) => name === 'orders' })
    expect(headers).toEqual({ baggage: 'own=1' })
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it('fails with the code of the library, and one exception', () => {
    const error = Object.assign(new Error('too large'), { code: 'MESSAGE_TOO_LARGE' })
    createMessageTracer()
      .send({ ...kafka, operation: 'send', messages: [outgoing({})] })
      .confirm({ error })
    const { status, attributes, events } = only(SpanKind.PRODUCER)
    expect(status.code).toBe(SpanStatusCode.ERROR)
    expect(attributes['error.type']).toBe('MESSAGE_TOO_LARGE')
    expect(events.map(({ name }) => name)).toEqual(['exception'])
  })

  it('is named by its template, and by no temporary queue', () => {
    send([{}], { destination: () => 'order.{id}' })
    expect(only(SpanKind.PRODUCER).attributes).toMatchObject({
      'messaging.destination.name': 'orders',
      'messaging.destination.template': 'order.{id}',
    })
    exporter.reset()
    createMessageTracer()
      .send({
        system: 'rabbitmq',
        operation: 'publish',
        destination: 'amq.gen-x',
        temporary: true,
        serverAddress: 'broker',
        serverPort: 5672,
        messages: [outgoing({})],
      })
      .confirm()
    expect(only(SpanKind.PRODUCER).name).toBe('publish broker:5672')
  })
})

describe('a message that is handled', () => {
  const headers = { traceparent: TRACEPARENT, baggage: 'tenant.id=acme,user.id=ada,other=1' }

  it('joins the trace it was sent in and links to it, with nothing of what is active', () => {
    within(() =>
      runWithIdentity({ 'tenant.id': 'starter' }, () =>
        receive(headers, () => {
          expect(tenant.get()).toBe('acme')
          expect(user.get()).toBe('ada')
        }),
      ),
    )
    const span = only(SpanKind.CONSUMER)
    expect(span.name).toBe('process orders')
    expect(span.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN })
    expect(span.links.map((link) => link.context.spanId)).toEqual([SPAN])
    expect(span.attributes).toMatchObject({ 'tenant.id': 'acme', 'user.id': 'ada' })
  })

  it('without headers is a root without identity, whatever started the consumer', () => {
    within(() =>
      runWithIdentity({ 'tenant.id': 'starter' }, () =>
        receive({}, () => expect(tenant.get()).toBeUndefined()),
      ),
    )
    const span = only(SpanKind.CONSUMER)
    expect(span.parentSpanContext).toBeUndefined()
    expect(span.links).toEqual([])
    expect(span.attributes).not.toHaveProperty('tenant.id')
  })

  it.each<[string, MessageOptions]>([
    ['link', { trace: 'link' }],
    ['a function', { trace: ({ attempt }) => (attempt === 3 ? 'link' : 'join') }],
  ])('has a trace of its own with `trace` as %s, and keeps its identity', (_, options) => {
    const message = { header: (name: string) => Reflect.get(headers, name), raw: {}, attempt: 3 }
    receive({}, () => expect(tenant.get()).toBe('acme'), { options, more: { messages: [message] } })
    const span = only(SpanKind.CONSUMER)
    expect(span.parentSpanContext).toBeUndefined()
    expect(span.links.map((link) => link.context.traceId)).toEqual([TRACE])
    expect(span.attributes['callchain.message.attempt']).toBe(3)
  })

  it.each<[string, MessageOptions]>([
    ['edge', { trust: 'edge' }],
    ['a hook that says so', { trust: () => 'edge' }],
    [
      'a hook that throws',
      {
        trust: () => {
          throw new Error('x')
        },
      },
    ],
  ])('from the edge by %s begins a trace, links, and brings no identity', (_, options) => {
    receive(headers, () => expect(tenant.get()).toBeUndefined(), { options })
    const span = only(SpanKind.CONSUMER)
    expect(span.parentSpanContext).toBeUndefined()
    expect(span.links.map((link) => link.context.traceId)).toEqual([TRACE])
    expect(span.attributes).not.toHaveProperty('tenant.id')
  })

  it('from the edge is not linked with `edge: ignore`', () => {
    receive(headers, undefined, { options: { trust: 'edge', edge: 'ignore' } })
    expect(only(SpanKind.CONSUMER).links).toEqual([])
  })

  it('sends on in the same trace with the same identity', () => {
    const sent: Headers = {}
    receive(headers, () => send([sent]))
    expect(only(SpanKind.PRODUCER).parentSpanContext?.spanId).toBe(
      only(SpanKind.CONSUMER).spanContext().spanId,
    )
    expect(sent.traceparent).toContain(TRACE)
    expect(sent.baggage).toBe('tenant.id=acme,user.id=ada,other=1')
  })

  it('has its span corrected by `tenant.set`, with the conflict noted', () => {
    receive(headers, () => tenant.set('other'))
    const { attributes, events } = only(SpanKind.CONSUMER)
    expect(attributes['tenant.id']).toBe('other')
    expect(events.map(({ name }) => name)).toEqual(['callchain.identity.conflict'])
  })

  it('of a repeated job begins a trace, links, and has no identity', () => {
    receive(headers, () => expect(tenant.get()).toBeUndefined(), { more: { repeated: true } })
    const span = only(SpanKind.CONSUMER)
    expect(span.parentSpanContext).toBeUndefined()
    expect(span.links).toHaveLength(1)
  })

  it('that was pulled links to what is active as well', () => {
    within(() => receive(headers, undefined, { more: { pulled: true } }))
    const links = only(SpanKind.CONSUMER).links.map((link) => link.context.spanId)
    expect(links).toEqual([SPAN, only(SpanKind.INTERNAL).spanContext().spanId])
  })

  it('stays unsampled where it was sent unsampled', () => {
    const call = receive({ traceparent: `00-${TRACE}-${SPAN}-00` })
    expect(call.span.isRecording()).toBe(false)
    expect(call.span.spanContext().traceId).toBe(TRACE)
  })

  it('with the span of another tracer around it has no second one', () => {
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: TRACE,
      spanId: SPAN,
      traceFlags: 1,
      isRemote: true,
    })
    const other = trace.getTracer('other').startSpan('x', { kind: SpanKind.CONSUMER }, parent)
    context.with(trace.setSpan(parent, other), () =>
      receive(headers, () => expect(tenant.get()).toBe('acme')),
    )
    expect(exporter.getFinishedSpans()).toEqual([])
    other.end()
    expect(only(SpanKind.CONSUMER).attributes['tenant.id']).toBe('acme')
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('x')
      },
    ],
    ['gives what is not text', () => Buffer.from('x') as never],
    ['gives 15 kB', () => 'x'.repeat(15_000)],
  ])('never fails with a header that %s', (_, header) => {
    receive({}, undefined, { more: { messages: [{ header, raw: undefined }] } })
    expect(only(SpanKind.CONSUMER).parentSpanContext).toBeUndefined()
  })
})

describe('a batch', () => {
  const messages = ['acme', 'beta'].map((name, index) => ({
    header: (key: string) =>
      ({ traceparent: `00-${TRACE}-b7ad6b716920333${index}-01`, baggage: `tenant.id=${name}` })[
        key
      ],
    raw: { name },
  }))

  it('is a root with a link to each message, and no identity', () => {
    const tracer = createMessageTracer()
    const call = tracer.receive({ ...kafka, operation: 'process', batch: true, messages })
    runIn(call, () => {
      expect(tenant.get()).toBeUndefined()
      for (const [index, name] of ['acme', 'beta'].entries()) {
        const one = tracer.receive({
          ...kafka,
          operation: 'process',
          pulled: true,
          messages: messages.slice(index, index + 1),
        })
        runIn(one, () => expect(tenant.get()).toBe(name))
        one.settle()
      }
    })
    call.settle()
    const [first, second, batch] = exporter.getFinishedSpans()
    expect(batch?.parentSpanContext).toBeUndefined()
    expect(batch?.links).toHaveLength(2)
    expect(batch?.attributes).toMatchObject({ 'messaging.batch.message_count': 2 })
    expect(batch?.attributes).not.toHaveProperty('tenant.id')
    for (const [span, name] of [
      [first, 'acme'],
      [second, 'beta'],
    ] as const) {
      expect(span?.parentSpanContext?.spanId).toBe(batch?.spanContext().spanId)
      expect(span?.links).toHaveLength(1)
      expect(span?.attributes['tenant.id']).toBe(name)
    }
  })

  it('links to 128 messages at most', () => {
    const many = Array.from({ length: 300 }, () => messages[0] as (typeof messages)[0])
    const call = createMessageTracer().receive({
      ...kafka,
      operation: 'process',
      batch: true,
      messages: many,
    })
    call.settle()
    const span = only(SpanKind.CONSUMER)
    expect(span.links).toHaveLength(128)
    expect(span.droppedLinksCount).toBe(0)
  })
})

it.each<[MessageOptions, RegExp]>([
  [{ trust: 'auto' as never }, /trust of messages cannot be 'auto'/],
  [{ trace: 'parent' as never }, /trace of messages cannot be 'parent'/],
  [{ send: { trace: 'some' as never } }, /send.trace of messages/],
  [{ sends: {} } as never, /no option 'sends'.*did you mean 'send'/],
  [{ ignore: (async () => true) as never }, /ignore of messages/],
])('refuses the options %j', (options, message) => {
  expect(() => createMessageTracer(options)).toThrow(message)
})
