/** The caps of a store. */
export interface StoreLimits {
  /** Spans that are kept. Default: 200000. */
  readonly maxSpans: number
  /** Bytes that all spans together may count for. Default: 134217728 (128 MiB). */
  readonly maxBytes: number
  /** Spans of one trace that are kept; more are counted. Default: 50000. */
  readonly maxTraceSpans: number
  /** Log lines that are kept. Default: 50000. */
  readonly maxLogs: number
  /** Bytes that all log lines together may count for. Default: 33554432 (32 MiB). */
  readonly maxLogBytes: number
}

/** The caps that hold unless others are given. */
export const DEFAULT_LIMITS: StoreLimits = {
  maxSpans: 200_000,
  maxBytes: 128 * 1024 * 1024,
  maxTraceSpans: 50_000,
  maxLogs: 50_000,
  maxLogBytes: 32 * 1024 * 1024,
}

/** What the store has counted since it began. */
export interface StoreCounters {
  received: number
  receivedLogs: number
  duplicates: number
  duplicateLogs: number
  merged: number
  evictedTraces: number
  evictedSpans: number
  beyondTraceCap: number
  clipped: number
  invalid: number
}

/** Counters at zero. */
export function createCounters(): StoreCounters {
  return {
    received: 0,
    receivedLogs: 0,
    duplicates: 0,
    duplicateLogs: 0,
    merged: 0,
    evictedTraces: 0,
    evictedSpans: 0,
    beyondTraceCap: 0,
    clipped: 0,
    invalid: 0,
  }
}
