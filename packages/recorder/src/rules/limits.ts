/** How much a span holds. What is over is left out and counted. */
export interface SpanLimits {
  /** Most attributes of a span. Default: 128. */
  readonly attributeCountLimit?: number
  /** Most UTF-16 units of a text, each text of a list by itself, and most bytes of a byte array. Default: no limit. */
  readonly attributeValueLengthLimit?: number
  /** Most events of a span; the oldest is left out for a new one. Default: 128. */
  readonly eventCountLimit?: number
  /** Most links of a span; the oldest is left out for a new one. Default: 128. */
  readonly linkCountLimit?: number
  /** Most attributes of an event. Default: 128. */
  readonly attributePerEventCountLimit?: number
  /** Most attributes of a link. Default: 128. */
  readonly attributePerLinkCountLimit?: number
}

const DEFAULT_COUNT = 128

/** All limits: those given, and the defaults of the specification for the others. */
export function completeLimits(given: SpanLimits = {}): Required<SpanLimits> {
  const length = given.attributeValueLengthLimit ?? Number.POSITIVE_INFINITY
  return {
    attributeCountLimit: given.attributeCountLimit ?? DEFAULT_COUNT,
    // Not positive means no limit, as in OpenTelemetry's SDK.
    attributeValueLengthLimit: length > 0 ? length : Number.POSITIVE_INFINITY,
    eventCountLimit: given.eventCountLimit ?? DEFAULT_COUNT,
    linkCountLimit: given.linkCountLimit ?? DEFAULT_COUNT,
    attributePerEventCountLimit: given.attributePerEventCountLimit ?? DEFAULT_COUNT,
    attributePerLinkCountLimit: given.attributePerLinkCountLimit ?? DEFAULT_COUNT,
  }
}
