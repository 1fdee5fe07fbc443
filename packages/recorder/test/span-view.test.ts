import { createRecorderProvider, type SpanRecord, type SpanView, toSpanView } from '../src/index.ts'

/** The view of one span, made when it has ended. */
function viewOf(
  record: (span: ReturnType<ReturnType<typeof tracerInto>['startSpan']>) => void,
): SpanView<string> {
  let view: SpanView<string> | undefined
  const tracer = tracerInto((span) => {
    view = toSpanView(span, 'the process')
  })
  const span = tracer.startSpan('one', { startTime: [100, 0], kind: 2 })
  record(span)
  span.end([102, 5])
  if (view === undefined) throw new Error('it did not end')
  return view
}

function tracerInto(add: (span: SpanRecord) => void) {
  const provider = createRecorderProvider({
    sink: { add },
    limits: { attributeCountLimit: 2, linkCountLimit: 1, attributePerLinkCountLimit: 1 },
  })
  return provider.getTracer('shop', '1.0')
}

test('a view has what ReadableSpan has, as it is when it is made', () => {
  const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }
  const view = viewOf((span) => {
    span.setAttributes({ a: 1, b: 2, c: 3 }).addEvent('event', { key: 'x' }, [101, 0])
    span.addLinks([{ context }, { context, attributes: { a: 1, b: 2 } }])
    span.setStatus({ code: 2, message: 'failed' })
  })
  expect(view).toMatchObject({
    name: 'one',
    kind: 2,
    startTime: [100, 0],
    endTime: [102, 5],
    duration: [2, 5],
    ended: true,
    status: { code: 2, message: 'failed' },
    attributes: { a: 1, b: 2 },
    droppedAttributesCount: 1,
    links: [{ context, attributes: { a: 1 }, droppedAttributesCount: 1 }],
    droppedLinksCount: 1,
    events: [
      { name: 'event', time: [101, 0], attributes: { key: 'x' }, droppedAttributesCount: 0 },
    ],
    droppedEventsCount: 0,
    resource: 'the process',
    instrumentationScope: { name: 'shop', version: '1.0' },
  })
  expect(view.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/)
})

test('what a record keeps as a map is an object in a view, with every key', () => {
  const nested = JSON.parse('{"list":[{"x":1}],"__proto__":"kept"}')
  const { attributes } = viewOf((span) => span.setAttribute('nested', nested))
  expect(Object.entries(attributes.nested ?? {})).toEqual([
    ['list', [{ x: 1 }]],
    ['__proto__', 'kept'],
  ])
})
