import { ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api'
import { createRecorderProvider, createSpanQueue, type SpanQueue } from '../src/index.ts'
import { decodeRequest } from './decode-request.ts'

function tracerInto(queue: SpanQueue): Tracer {
  return createRecorderProvider({ sink: queue }).getTracer('test')
}

test('what does not fit is dropped and counted, and what was released makes room', () => {
  const queue = createSpanQueue({ chunkBytes: 1000, maxBytes: 3000 })
  const tracer = tracerInto(queue)
  for (let index = 0; index < 200; index++) tracer.startSpan('one').end()
  expect(queue.bytes).toBeLessThanOrEqual(3000)
  expect(queue.spans + queue.dropped).toBe(200)
  expect(queue.dropped).toBeGreaterThan(0)

  const taken = queue.take()
  if (taken === undefined) throw new Error('nothing waits')
  const before = queue.dropped
  tracer.startSpan('while a chunk is sent').end()
  expect(queue.dropped).toBe(before + 1)
  queue.release(taken)
  tracer.startSpan('after it').end()
  expect(queue.dropped).toBe(before + 1)
})

test('a chunk that is released twice does not hand its buffer to two others', () => {
  const queue = createSpanQueue()
  const tracer = tracerInto(queue)
  tracer.startSpan('first').end()
  const first = queue.take()
  if (first === undefined) throw new Error('nothing waits')
  queue.release(first)
  queue.release(first)
  tracer.startSpan('second').end()
  const second = queue.take()
  tracer.startSpan('third').end()
  const third = queue.take()
  const namesOf = (bytes: Uint8Array = new Uint8Array()): string[] =>
    decodeRequest(bytes).map(({ span }) => span.name)
  expect([namesOf(second?.bytes), namesOf(third?.bytes)]).toEqual([['second'], ['third']])
  expect(queue.bytes).toBe((second?.bytes.length ?? 0) + (third?.bytes.length ?? 0))
})

test('a span that ends while another is encoded is dropped, and does not spoil that one', () => {
  const queue = createSpanQueue()
  const tracer = tracerInto(queue)
  const inner = tracer.startSpan('inner')
  const traceState = {
    set: () => traceState,
    unset: () => traceState,
    get: () => undefined,
    serialize: () => {
      inner.end()
      return 'a=b'
    },
  }
  const parent = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, traceState }
  const context = trace.setSpanContext(ROOT_CONTEXT, parent)
  tracer.startSpan('outer', {}, context).end()
  expect(queue.dropped).toBe(1)
  const names = decodeRequest(queue.take()?.bytes ?? new Uint8Array()).map(({ span }) => span.name)
  expect(names).toEqual(['outer'])
})

test('a span that is larger than a chunk gets one of its own', () => {
  const queue = createSpanQueue({ chunkBytes: 1000 })
  const tracer = tracerInto(queue)
  tracer.startSpan('small').end()
  tracer.startSpan('large').setAttribute('text', 'é'.repeat(3_000_000)).end()
  tracer.startSpan('small again').end()
  const sizes: number[] = []
  for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
    expect(decodeRequest(chunk.bytes)).toHaveLength(1)
    sizes.push(chunk.bytes.length)
    queue.release(chunk)
  }
  expect(sizes.map((size) => size > 6_000_000)).toEqual([false, true, false])
})

test('a span that cannot be encoded is dropped alone, and says why', () => {
  const queue = createSpanQueue()
  const reasons: unknown[] = []
  const sink = { add: (span: never) => reasons.push(queue.add(span)) }
  const tracer = createRecorderProvider({ sink }).getTracer('test')
  const traceState = {
    serialize(): string {
      throw new Error('not now')
    },
  }
  const context = { ...tracer.startSpan('other').spanContext(), traceState: traceState as never }
  tracer.startSpan('whole').end()
  tracer.startSpan('broken').addLink({ context }).end()
  tracer.startSpan('whole too').end()
  expect(reasons).toEqual([undefined, 'it cannot be encoded (not now)', undefined])
  expect(decodeRequest(queue.take()?.bytes ?? new Uint8Array())).toHaveLength(2)
})

test('clear drops what waits, and leaves a chunk that was taken', () => {
  const queue = createSpanQueue()
  const tracer = tracerInto(queue)
  tracer.startSpan('taken').end()
  const taken = queue.take()
  tracer.startSpan('waits').end()
  expect(queue.clear()).toBe(1)
  expect([queue.spans, queue.bytes]).toEqual([0, taken?.bytes.length])
})

test('a queue without a resource and a tracer of another schema are sent as they are', () => {
  const queue = createSpanQueue({ resourceSchemaUrl: 'https://example.com/resource' })
  const recorder = createRecorderProvider({ sink: queue })
  recorder.getTracer('one', '1', { schemaUrl: 'https://example.com/scope' }).startSpan('x').end()
  const [sent] = decodeRequest(queue.take()?.bytes ?? new Uint8Array())
  expect(sent?.resource).toMatchObject({
    attributes: [],
    schemaUrl: 'https://example.com/resource',
  })
  expect(sent?.scope).toMatchObject({ name: 'one', schemaUrl: 'https://example.com/scope' })
})

test('a number of bytes that is not one fails by name', () => {
  expect(() => createSpanQueue({ chunkBytes: 0 })).toThrow(
    new TypeError('chunkBytes is 0; allowed is a positive integer, in bytes'),
  )
  expect(() => createSpanQueue({ maxBytes: '1' as never })).toThrow(TypeError)
})
