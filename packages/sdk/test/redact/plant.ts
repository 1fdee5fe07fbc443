import { emitLogLine } from '@callchain/core/internal'
import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { SECRETS, type Secret } from './secrets.ts'

/** Says in what was sent that a span, or a line, has come through. */
export const HARMLESS = 'seen-and-harmless'

/** Puts every secret into every place of a span that an application can reach. */
export function plantInSpans(): void {
  for (const secret of SECRETS) plantInSpan(secret)
}

function plantInSpan({ text, needle }: Secret): void {
  const tracer = trace.getTracer(`scope ${text}`, text)
  const traceState = createTraceState(`password=${onOneLine(needle)},${vendorOf(text)}harmless=1`)
  const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.SAMPLED }
  const parent = trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
  const span = tracer.startSpan(`work ${text}`, { kind: SpanKind.CLIENT }, parent)
  span.setAttributes({
    plain: text,
    harmless: HARMLESS,
    list: ['first', text],
    [`key ${text}`]: 1,
    'db.query.text': `/* ${text} */ SELECT 1`,
    'url.full': `https://shop.example/pay?note=${text}`,
    'url.query': `token=${needle}`,
    'http.request.header.cookie': [`id=${needle}`],
    'order.pin': needle,
    'user.email': needle,
  })
  span.setAttribute('nested', { inner: { text, password: needle }, list: [text] } as never)
  span.setAttribute('bytes', Buffer.from(text) as never)
  span.addEvent(`event ${text}`, { text, client_secret: needle })
  span.addLink({
    context: { ...remote, traceState },
    attributes: { text, 'x-api-key': needle },
  })
  span.recordException(new TypeError(text))
  span.setStatus({ code: SpanStatusCode.ERROR, message: text })
  span.updateName(`worked ${text}`)
  span.end()
}

/** Puts every secret into lines of loggers. */
export function plantInLines(): void {
  for (const { text, needle } of SECRETS) {
    const err = { type: 'TypeError', message: text, stack: `TypeError: ${text}\n    at pay` }
    emitLogLine({
      context: ROOT_CONTEXT,
      line: { level: 50, msg: `failed: ${text}`, err, harmless: HARMLESS, list: [text] },
    })
    emitLogLine({
      context: ROOT_CONTEXT,
      line: JSON.stringify({
        level: 'info',
        body: { text, password: needle },
        'order.pin': needle,
      }),
    })
    emitLogLine({ context: ROOT_CONTEXT, line: `no JSON, but ${text}` })
  }
}

/** A member of a trace state cannot hold every text. */
function vendorOf(text: string): string {
  return onOneLine(text) === text ? `vendor=${text},` : ''
}

function onOneLine(text: string): string {
  return text.replace(/[^\x20-\x2b\x2d-\x3c\x3e-\x7e]/g, ' ').trim()
}
