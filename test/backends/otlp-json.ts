/** A value of OTLP/JSON; 64-bit numbers are text, or numbers where they fit. */
interface Value {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly doubleValue?: number | string
  readonly boolValue?: boolean
  readonly arrayValue?: { readonly values?: readonly Value[] }
}

interface Carrier {
  readonly attributes?: readonly { readonly key: string; readonly value?: Value }[]
}

type Attributes = Readonly<Record<string, unknown>>

interface RawSpan extends Carrier {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly traceState?: string
  readonly startTimeUnixNano: string | number
  readonly endTimeUnixNano: string | number
  readonly events?: readonly (Carrier & { name: string; timeUnixNano: string | number })[]
  readonly links?: readonly (Carrier & { traceId: string; spanId: string })[]
  readonly status?: { readonly code?: number; readonly message?: string }
}

interface RawLog extends Carrier {
  readonly traceId?: string
  readonly spanId?: string
  readonly body?: Value
  readonly severityNumber?: number
  readonly timeUnixNano?: string | number
}

/** What OTLP/JSON writes, as far as the tests read it. */
export interface OtlpJson {
  readonly resourceSpans?: readonly {
    readonly resource?: Carrier
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly name?: string; readonly version?: string }
      readonly spans?: readonly RawSpan[]
    }[]
  }[]
  readonly resourceLogs?: readonly {
    readonly resource?: Carrier
    readonly scopeLogs?: readonly { readonly logRecords?: readonly RawLog[] }[]
  }[]
}

/** A span with everything that OTLP carries of it, in one form whatever wrote it. */
export interface FlatSpan {
  readonly traceId: string
  readonly id: string
  /** '' of a root. */
  readonly parentId: string
  readonly name: string
  /** As in OTLP: 2 is SERVER, 3 CLIENT. */
  readonly kind: number
  readonly traceState: string
  /** Nanoseconds since the epoch. */
  readonly start: string
  readonly end: string
  readonly attributes: Attributes
  readonly events: readonly { name: string; time: string; attributes: Attributes }[]
  readonly links: readonly { traceId: string; id: string; attributes: Attributes }[]
  readonly status: { readonly code: number; readonly message: string }
  readonly scope: string
  readonly resource: Attributes
}

/** The spans of one export. */
export function spansIn({ resourceSpans = [] }: OtlpJson): FlatSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope = {}, spans = [] }) => {
      const of = {
        scope: [scope.name, scope.version].filter(Boolean).join('@'),
        resource: attributesOf(resource),
      }
      return spans.map((span) => ({ ...flatten(span), ...of }))
    }),
  )
}

function flatten(span: RawSpan): Omit<FlatSpan, 'scope' | 'resource'> {
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId ?? '',
    name: span.name,
    kind: span.kind,
    traceState: span.traceState ?? '',
    start: String(span.startTimeUnixNano),
    end: String(span.endTimeUnixNano),
    attributes: attributesOf(span),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      time: String(event.timeUnixNano),
      attributes: attributesOf(event),
    })),
    links: (span.links ?? []).map((link) => ({
      traceId: link.traceId,
      id: link.spanId,
      attributes: attributesOf(link),
    })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
  }
}

/** A log record, as far as the tests compare it. */
export interface FlatLog {
  readonly traceId: string
  readonly spanId: string
  readonly body: unknown
  readonly severity: number
  readonly attributes: Attributes
  readonly resource: Attributes
}

/** The log records of one export. */
export function logsIn({ resourceLogs = [] }: OtlpJson): FlatLog[] {
  return resourceLogs.flatMap(({ resource, scopeLogs = [] }) =>
    scopeLogs.flatMap(({ logRecords = [] }) =>
      logRecords.map((record) => ({
        traceId: record.traceId ?? '',
        spanId: record.spanId ?? '',
        body: record.body && plain(record.body),
        severity: record.severityNumber ?? 0,
        attributes: attributesOf(record),
        resource: attributesOf(resource),
      })),
    ),
  )
}

/** By key, in whatever order they came. */
function attributesOf(carrier: Carrier | undefined): Attributes {
  const pairs = carrier?.attributes ?? []
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value && plain(value)]))
}

function plain(value: Value): unknown {
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.doubleValue !== undefined) return Number(value.doubleValue)
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain)
  return value.stringValue ?? value.boolValue
}
