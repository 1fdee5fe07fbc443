import { parse } from 'protobufjs'

// Field numbers and types from opentelemetry-proto 1.11, for the messages that these tests look into.
const PROTO = `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
}
message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }`

const { root } = parse(PROTO)
const requestType = root.lookupType('ExportTraceServiceRequest')
const responseType = root.lookupType('ExportTraceServiceResponse')

export interface DecodedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly DecodedAttribute[]
}

interface DecodedAttribute {
  readonly key: string
  readonly value: { readonly stringValue?: string }
}

interface DecodedRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly DecodedAttribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly DecodedSpan[] }[]
  }[]
}

/** The request in the body, in the shape of OTLP/JSON but with base64 ids when it was protobuf. */
export function decodeRequest(body: Buffer, contentType: string | undefined): DecodedRequest {
  if (contentType === 'application/json') return JSON.parse(body.toString())
  const message = requestType.decode(body)
  return requestType.toObject(message, {
    bytes: String,
    longs: String,
    arrays: true,
  }) as DecodedRequest
}

export function spansOf(request: DecodedRequest): DecodedSpan[] {
  return request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
}

export function resourceOf(request: DecodedRequest): Record<string, string | undefined> {
  const attributes = request.resourceSpans[0]?.resource.attributes ?? []
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))
}

/** An answer that refuses some of the spans. */
export function encodePartialSuccess(rejectedSpans: number, errorMessage: string): Uint8Array {
  const answer = { partialSuccess: { rejectedSpans, errorMessage } }
  return responseType.encode(responseType.create(answer)).finish()
}
