import type { SpanRecord } from '@callchain/recorder'
import type { SpanContext } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { RedactionSettings } from '../config/redaction.ts'
import { createFaultReport, type FaultReport } from '../report/fault-report.ts'
import { warn } from '../report/warning.ts'
import { createKeyRules } from './key-rules.ts'
import { createRedactionReport, type RedactionReport } from './redaction-report.ts'
import { Redactor } from './redactor.ts'
import { createSpanRedactor, type SpanRedactor } from './span-redactor.ts'
import { createTextRedactor } from './text-redactor.ts'

/** The one exit: all that leaves the process passes it. */
export interface Redaction extends SpanRedactor {
  /** The fields of a log line, and the attributes of the process. */
  fields<F extends Readonly<Record<string, unknown>>>(fields: F): F
  /** The text of a log line. */
  body(text: string): string
  /** Whether a member of baggage that nobody declared may go out. */
  mayCarry(key: string, value: string): boolean
}

const LOG = 7

/** The exit as the settings have it; without settings, all goes out as it is. */
export function createRedaction(settings: RedactionSettings | undefined): Redaction {
  if (settings === undefined) return NOTHING
  const report = createRedactionReport()
  const faults = createFaultReport('custom of redact', warn)
  const redactor = createRedactor(settings, report, faults)
  const spans = createSpanRedactor(redactor, report)
  const { dryRun } = settings
  // What cannot be looked at does not go out: a value of the application's own making may throw.
  const apply = <T>(given: T, redact: (given: T) => T, without: (given: T) => T): T => {
    try {
      const sent = redact(given)
      return dryRun ? given : sent
    } catch (error) {
      faults.add(error)
      return without(given)
    }
  }
  return {
    record: (span) => apply(span, (one) => spans.record(one), bareRecord),
    readable: (span) => apply(span, (one) => spans.readable(one), bareSpan),
    fields: (fields) =>
      apply(
        fields,
        (one) => redactFields(redactor, one),
        () => ({}) as never,
      ),
    body: (text) =>
      apply(
        text,
        (one) => redactor.text('log.body', one),
        () => '',
      ),
    mayCarry(key, value) {
      const carried = { [key]: value }
      return (
        apply(
          carried,
          (one) => redactFields(redactor, one),
          () => ({}),
        ) === carried
      )
    },
  }
}

function createRedactor(
  settings: RedactionSettings,
  report: RedactionReport,
  faults: FaultReport,
): Redactor {
  const { keys, hashKey } = settings
  const texts = createTextRedactor(settings, report, faults)
  return new Redactor({ decide: createKeyRules(keys), texts, hashKey, report })
}

const NOTHING: Redaction = {
  record: (span) => span,
  readable: (span) => span,
  fields: (fields) => fields,
  body: (text) => text,
  mayCarry: () => true,
}

function redactFields<F extends Readonly<Record<string, unknown>>>(
  redactor: Redactor,
  fields: F,
): F {
  const sent = redactor.attributes(Object.keys(fields), Object.values(fields), LOG)
  if (sent === undefined) return fields
  return Object.fromEntries(sent.keys.map((key, at) => [key, sent.values[at]])) as F
}

/** What is left of a span that cannot be looked at: when it was, and where in its trace. */
function bareRecord(span: SpanRecord): SpanRecord {
  const { kind, parentSpanContext, startTime, endTime, ended, scope } = span
  return {
    ...{ name: UNREADABLE, kind, scope, parentSpanContext, startTime, endTime, ended },
    ...{ attributeList: undefined, eventList: undefined, linkList: undefined },
    ...{ droppedEventsCount: 0, droppedLinksCount: 0, status: { code: span.status.code } },
    spanContext: () => withoutState(span),
  }
}

function bareSpan(span: ReadableSpan): ReadableSpan {
  const { kind, parentSpanContext, startTime, endTime, duration, ended } = span
  return {
    ...{ name: UNREADABLE, kind, startTime, endTime, duration, ended },
    ...(parentSpanContext !== undefined && { parentSpanContext }),
    ...{ resource: span.resource, instrumentationScope: span.instrumentationScope },
    ...{ status: { code: span.status.code }, attributes: {}, events: [], links: [] },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    spanContext: () => withoutState(span),
  }
}

const UNREADABLE = 'a span that cannot be read'

function withoutState(span: Pick<SpanRecord, 'spanContext'>): SpanContext {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { traceId, spanId, traceFlags }
}
