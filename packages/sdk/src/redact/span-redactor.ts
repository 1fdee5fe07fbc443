import type { AttributeList, Scope, SpanEvent, SpanLink, SpanRecord } from '@callchain/recorder'
import type { Attributes, SpanContext, SpanStatus } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { redactContext } from './redact-trace-state.ts'
import type { RedactionReport } from './redaction-report.ts'
import type { Redactor } from './redactor.ts'

/** The last thing that happens to a span before it is encoded, printed or handed to an exporter. */
export interface SpanRedactor {
  /** The record as it may go out: the same one where nothing is struck out. */
  record(span: SpanRecord): SpanRecord
  /** The same for a span of OpenTelemetry's SDK. */
  readable(span: ReadableSpan): ReadableSpan
}

/** Most names of spans that are known to have nothing in them. */
const MAX_CLEAN_NAMES = 1000

/** Redacts all of a span that a user can reach. */
export function createSpanRedactor(redactor: Redactor, report: RedactionReport): SpanRedactor {
  return new PartsRedactor(redactor, report)
}

class PartsRedactor implements SpanRedactor {
  private readonly redactor: Redactor
  private readonly report: RedactionReport
  private readonly cleanNames = new Set<string>()
  private readonly scopes = new WeakMap<object, object>()

  constructor(redactor: Redactor, report: RedactionReport) {
    this.redactor = redactor
    this.report = report
  }

  record(span: SpanRecord): SpanRecord {
    const given = span.spanContext()
    const context = redactContext(given, this.redactor)
    const name = this.name(span.name)
    const scope: Scope = this.scope(span.scope)
    const status = this.status(span.status)
    const attributes = this.list(span.attributeList, span.kind)
    const events = span.eventList && changedItems(span.eventList, (event) => this.event(event))
    const links = span.linkList && changedItems(span.linkList, (link) => this.link(link))
    const isSame =
      context === given &&
      name === span.name &&
      scope === span.scope &&
      status === span.status &&
      attributes === span.attributeList &&
      events === span.eventList &&
      links === span.linkList
    if (isSame) return span
    const { kind, parentSpanContext, startTime, endTime, ended } = span
    const { droppedEventsCount, droppedLinksCount } = span
    return {
      ...{ name, kind, scope, parentSpanContext, startTime, endTime, status, ended },
      ...{ droppedEventsCount, droppedLinksCount },
      ...{ attributeList: attributes, eventList: events, linkList: links },
      spanContext: () => context,
    }
  }

  readable(span: ReadableSpan): ReadableSpan {
    const context = redactContext(span.spanContext(), this.redactor)
    const { kind, parentSpanContext, startTime, endTime, duration, ended, resource } = span
    const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span
    return {
      ...{ kind, startTime, endTime, duration, ended, resource },
      ...(parentSpanContext !== undefined && { parentSpanContext }),
      ...{ droppedAttributesCount, droppedEventsCount, droppedLinksCount },
      name: this.name(span.name),
      instrumentationScope: this.scope(span.instrumentationScope),
      status: this.status(span.status),
      attributes: this.object(span.attributes, kind),
      events: span.events.map((event) => ({
        ...event,
        name: this.redactor.text('event.name', event.name),
        ...(event.attributes && { attributes: this.object(event.attributes, EVENT) }),
      })),
      links: span.links.map((link) => ({
        ...link,
        context: redactContext(link.context, this.redactor),
        ...(link.attributes && { attributes: this.object(link.attributes, LINK) }),
      })),
      spanContext: (): SpanContext => context,
    }
  }

  private name(given: unknown): string {
    // JavaScript may name a span by what is not a text.
    const name = typeof given === 'string' ? given : String(given)
    if (this.cleanNames.has(name)) return name
    const sent = this.redactor.text('span.name', name)
    if (sent !== name) this.report.renamed(sent)
    else {
      if (this.cleanNames.size >= MAX_CLEAN_NAMES) this.cleanNames.clear()
      this.cleanNames.add(name)
    }
    return sent
  }

  private status(status: SpanStatus): SpanStatus {
    const { code, message } = status
    if (!message) return status
    const sent = this.redactor.text('status.message', String(message))
    return sent === message ? status : { code, message: sent }
  }

  private scope<S extends Scope>(scope: S): S {
    const known = this.scopes.get(scope)
    if (known !== undefined) return known as S
    const clean = (text: string) => this.redactor.text('scope', text)
    const sent = Object.fromEntries(
      Object.entries(scope).map(([key, value]) => [
        key,
        typeof value === 'string' ? clean(value) : value,
      ]),
    ) as S
    const isSame = Object.entries(scope).every(([key, value]) => Reflect.get(sent, key) === value)
    this.scopes.set(scope, isSame ? scope : sent)
    return isSame ? scope : sent
  }

  private list<L extends AttributeList | undefined>(list: L, kind: number): L {
    if (list === undefined) return list
    const sent = this.redactor.attributes(list.keys, list.values, kind)
    return sent === undefined ? list : (list.replacedBy(sent.keys, sent.values) as L)
  }

  private event(event: SpanEvent): SpanEvent {
    const name = this.redactor.text('event.name', String(event.name))
    const attributes = this.list(event.attributes, EVENT)
    return name === event.name && attributes === event.attributes
      ? event
      : { name, time: event.time, attributes }
  }

  private link(link: SpanLink): SpanLink {
    const context = redactContext(link.context, this.redactor)
    const attributes = this.list(link.attributes, LINK)
    return context === link.context && attributes === link.attributes
      ? link
      : { context, attributes }
  }

  private object(attributes: Attributes, kind: number): Attributes {
    const keys = Object.keys(attributes)
    const values = Object.values(attributes)
    const sent = this.redactor.attributes(keys, values, kind)
    if (sent === undefined) return attributes
    return Object.fromEntries(sent.keys.map((key, at) => [key, sent.values[at]])) as Attributes
  }
}

/** After the kinds of spans, 0 to 4. */
const EVENT = 5
const LINK = 6

/** The same list where no item changes. */
function changedItems<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = items.map(change)
  return changed.every((item, index) => item === items[index]) ? items : changed
}
