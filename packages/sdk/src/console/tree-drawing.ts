import { type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** Marks parts of a line. */
export interface Painter {
  strong(text: string): string
  faint(text: string): string
  error(text: string): string
}

/** Marks nothing. */
export const plainPainter: Painter = { strong: same, faint: same, error: same }

/** Marks with the colours of a terminal (ECMA-48 SGR). */
export const terminalPainter: Painter = {
  strong: (text) => `\x1b[1m${text}\x1b[0m`,
  faint: (text) => `\x1b[2m${text}\x1b[0m`,
  error: (text) => `\x1b[31m${text}\x1b[0m`,
}

const MAX_VALUE_LENGTH = 120

// What tells a reader most about a span; the rest is a viewer's business.
const SHOWN_ATTRIBUTES = ['tenant.id', 'user.id', 'error.type', 'server.address']
const STATEMENTS = ['db.query.text', 'db.statement']
const STATUS_CODES = ['http.response.status_code', 'http.status_code']

/** The spans of one trace as lines of text: a heading, then every span below its parent. */
export function drawTree(spans: readonly ReadableSpan[], painter: Painter): string {
  const known = new Set(spans.map((span) => span.spanContext().spanId))
  const children = groupByParent(spans)
  const tops = spans
    .filter((span) => !known.has(span.parentSpanContext?.spanId ?? ''))
    .sort(byStart)
  const lines = [drawHeading(spans, painter)]
  // A list of what is still to be drawn, the next one last: a trace may be deeper than the stack.
  const left = tops.reverse().map((span): Place => ({ span, depth: 0, branch: '', below: '' }))
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    lines.push(painter.faint(place.branch) + drawSpan(place.span, painter))
    const inner = [...(children.get(place.span.spanContext().spanId) ?? [])].sort(byStart)
    const places = inner.map((span, index) => placeBelow(place, span, index === inner.length - 1))
    left.push(...places.reverse())
  }
  return `${lines.join('\n')}\n`
}

/** Where a span is drawn. */
interface Place {
  readonly span: ReadableSpan
  readonly depth: number
  /** In front of the span itself. */
  readonly branch: string
  /** In front of what is below it. */
  readonly below: string
}

/** Beyond that, the depth is a number: each level of indentation would lengthen all lines below it. */
const MAX_INDENTED_DEPTH = 40

function placeBelow({ depth, below }: Place, span: ReadableSpan, isLast: boolean): Place {
  const inner = depth + 1
  if (inner > MAX_INDENTED_DEPTH) return { span, depth: inner, branch: `${below}${inner}: `, below }
  return {
    span,
    depth: inner,
    branch: below + (isLast ? '└─ ' : '├─ '),
    below: below + (isLast ? '   ' : '│  '),
  }
}

/** The spans below each span id. */
function groupByParent(spans: readonly ReadableSpan[]): Map<string, ReadableSpan[]> {
  const children = new Map<string, ReadableSpan[]>()
  for (const span of spans) {
    const parent = span.parentSpanContext?.spanId
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [span])
    else siblings.push(span)
  }
  return children
}

function drawHeading([first]: readonly ReadableSpan[], painter: Painter): string {
  const service = toText(first?.resource.attributes['service.name'])
  return `${painter.strong(service)} ${painter.faint(`trace ${first?.spanContext().traceId}`)}`
}

function drawSpan(span: ReadableSpan, painter: Painter): string {
  const failed = span.status.code === SpanStatusCode.ERROR
  const name = toText(span.name)
  const parts = [
    span.kind === SpanKind.INTERNAL ? undefined : painter.faint(SpanKind[span.kind] ?? ''),
    failed ? painter.error(name) : painter.strong(name),
    drawDuration(span.duration),
    firstAttribute(span, STATUS_CODES),
    failed ? painter.error(`ERROR ${toText(errorMessage(span))}`.trim()) : undefined,
    ...SHOWN_ATTRIBUTES.map((key) => drawAttribute(span, key)),
    firstAttribute(span, STATEMENTS),
  ]
  return parts.filter((part) => part !== undefined).join('  ')
}

/** The status says nothing where an exception was recorded: its event does. */
function errorMessage({ status, events }: ReadableSpan): unknown {
  const recorded = events.findLast(({ name }) => name === 'exception')
  return status.message || recorded?.attributes?.['exception.message'] || ''
}

function drawAttribute(span: ReadableSpan, key: string): string | undefined {
  const value = span.attributes[key]
  return value === undefined ? undefined : `${key}=${toText(value)}`
}

function firstAttribute(span: ReadableSpan, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => span.attributes[name] !== undefined)
  return key && toText(span.attributes[key])
}

function drawDuration([seconds, nanos]: HrTime): string {
  const millis = seconds * 1000 + nanos / 1e6
  return millis < 1000 ? `${millis.toFixed(1)} ms` : `${(millis / 1000).toFixed(2)} s`
}

/** The first line of a value, without anything that a terminal would obey. */
function toText(value: unknown): string {
  const [line = ''] = String(value)
    .trim()
    .split(/[\r\n]/, 1)
  const safe = line.replace(/\p{C}/gu, '\ufffd')
  return safe.length > MAX_VALUE_LENGTH ? `${safe.slice(0, MAX_VALUE_LENGTH)}…` : safe
}

function byStart(a: ReadableSpan, b: ReadableSpan): number {
  return a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]
}

function same(text: string): string {
  return text
}
