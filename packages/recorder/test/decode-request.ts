import { parse } from 'protobufjs'

// The messages of opentelemetry-proto 1.11 that traces are sent in, whole.
const PROTO = `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
  ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
message Status { string message = 2; int32 code = 3; }`

const requestType = parse(PROTO).root.lookupType('ExportTraceServiceRequest')

export interface DecodedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: object }[]
  readonly events: readonly { readonly timeUnixNano: string }[]
  readonly links: readonly object[]
  readonly droppedAttributesCount: number
  readonly droppedEventsCount: number
  readonly droppedLinksCount: number
  readonly status: object | null
  readonly flags: number
}

/** A span with the resource and the scope that it was sent under. */
export interface SentSpan {
  readonly resource: unknown
  readonly scope: unknown
  readonly span: DecodedSpan
}

/** The spans of a request, every default filled in, in the order in which they were sent. */
export function decodeRequest(bytes: Uint8Array): SentSpan[] {
  const message = requestType.decode(bytes)
  const options = { bytes: String, longs: String, defaults: true, arrays: true }
  const { resourceSpans } = requestType.toObject(message, options)
  return resourceSpans.flatMap(({ resource, schemaUrl, scopeSpans }: Group) =>
    scopeSpans.flatMap(({ scope, schemaUrl: scopeSchema, spans }) =>
      spans.map((span) => ({
        resource: { ...resource, schemaUrl },
        scope: { ...scope, schemaUrl: scopeSchema },
        // An unset status is the same as none.
        span: { ...span, status: span.status ?? { message: '', code: 0 } },
      })),
    ),
  )
}

interface Group {
  readonly resource: object
  readonly schemaUrl: string
  readonly scopeSpans: readonly {
    readonly scope: object
    readonly schemaUrl: string
    readonly spans: readonly DecodedSpan[]
  }[]
}
