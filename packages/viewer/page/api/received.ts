import type { Attributes, Value } from './types.ts'

/** Log lines, and what the receiver says of itself. */

export interface LogLine {
  id: number
  time: number
  level?: string
  service: string
  body: Value
  attributes: Attributes
  trace?: string
  span?: string
  event?: string
}

export interface LogsAnswer {
  logs: LogLine[]
  next: string | null
  matched: number
  total: number
}

export interface ExportRequest {
  time: number
  from: string
  path: string
  format: string
  encoding: string
  bytes: number
  spans: number
  logs: number
  metrics: number
  rejected: number
  status: number
  error?: string
  warning?: string
  userAgent?: string
  services: string[]
}

export interface Stats {
  spans: number
  maxSpans: number
  bytes: number
  maxBytes: number
  traces: number
  logs: number
  maxLogs: number
  spansPerSecond: number
  received: Record<string, number>
  lost: Record<string, number>
}

export interface ReceiverAnswer {
  endpoint: string
  /** Where other machines reach it. */
  otherEndpoints: string[]
  version: string
  pid: number
  started: number
  needsToken: boolean
  exports: ExportRequest[]
  services: {
    name: string
    spans: number
    logs: number
    lastSeen: number
    sdk?: string
    unnamed: boolean
  }[]
  hints: { code: string; message: string; time: number; from?: string }[]
  stats: Stats
}
