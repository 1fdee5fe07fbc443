import { type AttributeValue, type Exception, ROOT_CONTEXT } from '@opentelemetry/api'
import { createRecorderProvider, createSpanQueue } from '../src/index.ts'
import { decodeRequest } from './decode-request.ts'

/** What is sent of one attribute. */
function sentValue(value: unknown): object | undefined {
  return attributesOf({ key: value })[0]?.value
}

function attributesOf(attributes: object): readonly { key: string; value: object }[] {
  const queue = createSpanQueue()
  const tracer = createRecorderProvider({ sink: queue }).getTracer('test')
  const span = tracer.startSpan('one', {}, ROOT_CONTEXT)
  span.setAttributes(attributes as Record<string, AttributeValue>).end()
  return decodeRequest(queue.take()?.bytes ?? new Uint8Array())[0]?.span.attributes ?? []
}

test('an attribute named __proto__ is kept, and keys like numbers stay where they were set', () => {
  const queue = createSpanQueue()
  const span = createRecorderProvider({ sink: queue }).getTracer('test').startSpan('one')
  span.setAttribute('b', 1).setAttribute('1', 2).setAttribute('__proto__', 3).end()
  const [sent] = decodeRequest(queue.take()?.bytes ?? new Uint8Array())
  expect(sent?.span.attributes.map(({ key }) => key)).toEqual(['b', '1', '__proto__'])
})

test('bytes, null, mixed lists and plain objects are values', () => {
  expect(sentValue(null)).toEqual({})
  expect(sentValue(Buffer.from('hi'))).toEqual({ bytesValue: 'aGk=' })
  expect(sentValue([1, 'a', [true]])).toEqual({
    arrayValue: {
      values: [
        { intValue: '1' },
        { stringValue: 'a' },
        { arrayValue: { values: [{ boolValue: true }] } },
      ],
    },
  })
  const nested = JSON.parse('{"a":{"b":0.5},"__proto__":1}')
  expect(sentValue(nested)).toEqual({
    kvlistValue: {
      values: [
        {
          key: 'a',
          value: { kvlistValue: { values: [{ key: 'b', value: { doubleValue: 0.5 } }] } },
        },
        { key: '__proto__', value: { intValue: '1' } },
      ],
    },
  })
})

test('what contains itself or is nested without an end is not a value', () => {
  const loop: unknown[] = []
  loop.push(loop)
  expect(sentValue(loop)).toBeUndefined()
  expect(sentValue(JSON.parse('['.repeat(40) + ']'.repeat(40)))).toBeUndefined()
})

test('what the application changes afterwards is sent as it was', () => {
  const [list, bytes] = [['a'], Buffer.from('a')]
  const queue = createSpanQueue()
  const span = createRecorderProvider({ sink: queue }).getTracer('test').startSpan('one')
  span.setAttribute('list', list).setAttribute('bytes', bytes as never)
  list[0] = 'b'
  bytes[0] = 0
  span.end()
  const [sent] = decodeRequest(queue.take()?.bytes ?? new Uint8Array())
  expect(sent?.span.attributes.map(({ value }) => value)).toEqual([
    { arrayValue: { values: [{ stringValue: 'a' }] } },
    { bytesValue: 'YQ==' },
  ])
})

test('an exception without a prototype does not throw at the application', () => {
  const span = createRecorderProvider({ sink: createSpanQueue() })
    .getTracer('test')
    .startSpan('one')
  expect(() => span.recordException(Object.create(null) as Exception)).not.toThrow()
  span.end()
})
