/** Encoded spans that are sent together. */
export interface Chunk {
  /** A whole ExportTraceServiceRequest of OTLP. Valid until the chunk is released. */
  readonly bytes: Uint8Array
  /** How many spans are in it. */
  readonly spans: number
}
