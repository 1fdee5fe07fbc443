/** The system attribute in which SQS carries a trace of X-Ray; it counts for none of the limits. */
export const TRACE_HEADER = 'AWSTraceHeader'

/** A sampled traceparent in the format of X-Ray (AWS X-Ray, "Tracing header"). */
export function toXRay(traceparent: string): string | undefined {
  const [, time, unique, spanId, flags] =
    /^00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? []
  if (flags === undefined || (Number.parseInt(flags, 16) & 1) === 0) return undefined
  return `Root=1-${time}-${unique};Parent=${spanId};Sampled=1`
}

/**
 * The traceparent that a header of X-Ray says; `undefined` where it is not sampled: a function that X-Ray
 * does not follow hands such a header on as well, and it would switch our own spans off.
 */
export function fromXRay(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined
  const parts = header.split(';').map((part) => part.trim())
  const [time, unique] = valueIn(parts, 'Root')?.split('-').slice(1) ?? []
  if (valueIn(parts, 'Sampled') !== '1') return undefined
  return `00-${time}${unique}-${valueIn(parts, 'Parent')}-01`
}

function valueIn(parts: readonly string[], name: string): string | undefined {
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1)
}
