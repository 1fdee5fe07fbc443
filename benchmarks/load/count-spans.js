import { gunzipSync } from 'node:zlib'

const KINDS = { 2: 'server', 3: 'client', 4: 'producer', 5: 'consumer' }

/** Of no span. */
export const NOTHING_COUNTED = { server: 0, client: 0, producer: 0, consumer: 0, all: 0 }

/**
 * How many spans the body of an export request holds, and how many of them are of each kind.
 * Knows OTLP in protobuf, the trace intake of the Datadog agent and the envelopes of Sentry.
 */
export function countSpans(path, headers, body) {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  if (path.startsWith('/v1/traces')) return countOtlp(bytes)
  if (headers['x-datadog-trace-count']) return counted(Number(headers['x-datadog-trace-count']))
  if (path.includes('/envelope/')) return counted(countServerOperations(bytes.toString()))
  return counted(0)
}

const counted = (requests) => ({ ...NOTHING_COUNTED, server: requests, all: requests })

const countServerOperations = (envelope) => envelope.split('"value":"http.server"').length - 1

// ExportTraceServiceRequest.resource_spans (1) . ResourceSpans.scope_spans (2) . ScopeSpans.spans (2)
function countOtlp(request) {
  const total = { ...NOTHING_COUNTED }
  for (const resourceSpans of messages(request, 1)) {
    for (const scopeSpans of messages(resourceSpans, 2)) {
      for (const span of messages(scopeSpans, 2)) {
        total.all += 1
        const name = KINDS[kind(span)]
        if (name !== undefined) total[name] += 1
      }
    }
  }
  return total
}

function* messages(message, wanted) {
  for (const { number, value } of fields(message)) {
    if (number === wanted) yield value
  }
}

function kind(span) {
  for (const { number, value } of fields(span)) {
    if (number === 6) return value
  }
}

// https://protobuf.dev/programming-guides/encoding/: wire types 0 varint, 1 i64, 2 len, 5 i32
function* fields(message) {
  let at = 0
  while (at < message.length) {
    const tag = varint(message, at)
    at = tag.next
    const wire = tag.value & 7
    const field = { number: tag.value >>> 3, value: undefined }
    if (wire === 0) ({ value: field.value, next: at } = varint(message, at))
    else if (wire === 1) at += 8
    else if (wire === 5) at += 4
    else {
      const length = varint(message, at)
      at = length.next + length.value
      field.value = message.subarray(length.next, at)
    }
    yield field
  }
}

function varint(message, start) {
  let value = 0
  for (let at = start, scale = 1; ; at += 1, scale *= 128) {
    value += (message[at] & 127) * scale
    if (message[at] < 128) return { value, next: at + 1 }
  }
}
