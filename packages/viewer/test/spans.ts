import type { AttributeValue } from '../src/model/attribute-value.ts'
import { createDecodeContext } from '../src/otlp/decode-context.ts'
import { readOtlpJson } from '../src/otlp/read-json.ts'
import { createMemoryStore, type MemoryStore } from '../src/store/memory-store.ts'
import type { StoreLimits } from '../src/store/store-limits.ts'

/** A span as a test writes it; times in milliseconds after `BASE`. */
export interface TestSpan {
  trace?: number
  id: number
  parent?: number
  service?: string
  host?: string
  name?: string
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  at?: number
  took?: number
  error?: boolean | string
  attributes?: Record<string, AttributeValue>
  events?: { name: string; at: number; attributes?: Record<string, AttributeValue> }[]
  links?: { trace: number; span: number; attributes?: Record<string, AttributeValue> }[]
}

export const BASE = 1_795_365_007_000
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

export const traceId = (number: number): string => number.toString(16).padStart(32, '0')
export const spanId = (number: number): string => number.toString(16).padStart(16, '0')
const nanos = (millis: number): string =>
  String(BigInt(BASE) * 1_000_000n + BigInt(Math.round(millis * 1e6)))

const any = (value: AttributeValue): unknown => {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value }
  return {}
}
const list = (attributes: Record<string, AttributeValue> = {}): unknown[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: any(value) }))

/** Spans as an OTLP JSON request, one resource for each service. */
export function otlpJson(spans: readonly TestSpan[]): { resourceSpans: object[] } {
  const services = [...new Set(spans.map(({ service = 'orders' }) => service))]
  const hostOf = (service: string): Record<string, string> => {
    const host = spans.find((span) => (span.service ?? 'orders') === service)?.host
    return host === undefined ? {} : { 'host.name': host }
  }
  return {
    resourceSpans: services.map((service) => ({
      resource: { attributes: list({ 'service.name': service, ...hostOf(service) }) },
      scopeSpans: [
        {
          scope: { name: 'test' },
          spans: spans.filter((span) => (span.service ?? 'orders') === service).map(spanJson),
        },
      ],
    })),
  }
}

function spanJson(span: TestSpan): object {
  const { trace = 1, at = 0, took = 1, error = false } = span
  return {
    traceId: traceId(trace),
    spanId: spanId(span.id),
    parentSpanId: span.parent === undefined ? undefined : spanId(span.parent),
    name: span.name ?? `span ${span.id}`,
    kind: KINDS.indexOf(span.kind ?? 'internal'),
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + took),
    attributes: list(span.attributes),
    status: error === false ? {} : { code: 2, message: error === true ? '' : error },
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: nanos(event.at),
      attributes: list(event.attributes),
    })),
    links: (span.links ?? []).map((link) => ({
      traceId: traceId(link.trace),
      spanId: spanId(link.span),
      attributes: list(link.attributes),
    })),
  }
}

/** A store with these spans. */
export function storeOf(
  spans: readonly TestSpan[],
  limits: Partial<StoreLimits> = {},
): MemoryStore & { take(more: readonly TestSpan[]): void } {
  const context = createDecodeContext()
  const store = createMemoryStore(limits)
  const take = (more: readonly TestSpan[]): void => store.add(readOtlpJson(otlpJson(more), context))
  take(spans)
  return Object.assign(store, { take })
}
