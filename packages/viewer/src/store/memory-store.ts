import type { Decoded, MergeRows, SpanRow } from '../model/rows.ts'
import { createTraceRecord, dropLast, settle, type TraceRecord } from '../trace/trace-record.ts'
import { addSpan, type Kept } from './add-span.ts'
import { nameLines } from './adopt-service.ts'
import { rememberEvicted } from './evicted-ids.ts'
import { createLinkIndex, type IncomingLink } from './link-index.ts'
import { createLogStore, type KeptLog, type LogStore } from './log-store.ts'
import { createSharedBytes } from './shared-bytes.ts'
import {
  createCounters,
  DEFAULT_LIMITS,
  type StoreCounters,
  type StoreLimits,
} from './store-limits.ts'

/** What has changed; `removed` are ids of evicted traces. */
export interface StoreChange {
  readonly traces: ReadonlySet<TraceRecord>
  readonly removed: readonly string[]
  readonly logs: readonly KeptLog[]
  readonly cleared: boolean
  /** What was added, also what was known already. */
  readonly decoded?: Decoded | undefined
}

/** Keeps traces and log lines in memory, bounded; a trace is kept whole or not at all. */
export interface MemoryStore {
  readonly limits: StoreLimits
  readonly spanCount: number
  readonly bytes: number
  readonly counters: Readonly<StoreCounters>
  readonly logs: LogStore
  /** By id; the one that was touched last comes last. */
  readonly traces: ReadonlyMap<string, TraceRecord>
  add(decoded: Decoded): void
  linksTo(trace: string): readonly IncomingLink[]
  clear(): void
  /** @returns a function that ends the subscription */
  subscribe(listener: (change: StoreChange) => void): () => void
}

/** Makes an empty store. */
export function createMemoryStore(limits: Partial<StoreLimits> = {}): MemoryStore {
  return new BoundedStore({ ...DEFAULT_LIMITS, ...limits })
}

class BoundedStore implements MemoryStore {
  readonly limits: StoreLimits
  readonly logs: LogStore
  readonly counters: StoreCounters = createCounters()
  readonly traces = new Map<string, TraceRecord>()
  spanCount = 0
  private rowBytes = 0
  private version = 0
  private readonly evicted = new Set<string>()
  private readonly links = createLinkIndex()
  private readonly shared = createSharedBytes()
  private readonly listeners = new Set<(change: StoreChange) => void>()

  constructor(limits: StoreLimits) {
    this.limits = limits
    this.logs = createLogStore(limits.maxLogs, limits.maxLogBytes)
  }

  get bytes(): number {
    return this.rowBytes + this.shared.bytes
  }

  add(decoded: Decoded): void {
    this.counters.received += decoded.spans.length
    this.counters.receivedLogs += decoded.logs.length
    this.counters.invalid += decoded.rejected
    const traces = this.addSpans(decoded)
    const removed = this.evict()
    const logs = this.logs.add(decoded.logs)
    this.counters.duplicateLogs += decoded.logs.length - logs.length
    nameLines(this, traces, logs)
    if (traces.size + removed.length + logs.length > 0)
      this.tell({ traces, removed, logs, cleared: false, decoded })
  }

  linksTo(trace: string): readonly IncomingLink[] {
    return this.links.to(trace)
  }

  clear(): void {
    this.traces.clear()
    this.evicted.clear()
    this.links.clear()
    this.logs.clear()
    this.spanCount = 0
    this.rowBytes = 0
    this.shared.clear()
    this.tell({ traces: new Set(), removed: [], logs: [], cleared: true })
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private addSpans({ traces: ids, spans, merge }: Decoded): Set<TraceRecord> {
    const touched = new Set<TraceRecord>()
    let record: TraceRecord | undefined
    for (let index = 0; index < spans.length; index++) {
      const id = ids[index]
      const span = spans[index]
      if (id === undefined || span === undefined) continue
      if (record?.id !== id) record = this.recordOf(id)
      if (this.addOne(record, span, merge)) touched.add(record)
    }
    for (const each of touched) this.touch(each)
    return touched
  }

  /** @returns whether the trace has changed */
  private addOne(record: TraceRecord, given: SpanRow, merge: MergeRows | undefined): boolean {
    const { counters } = this
    const added = addSpan(record, given, merge, this.limits.maxTraceSpans)
    if (added.as === 'kept') this.account(record, added)
    else if (added.as === 'known') counters.duplicates += 1
    else counters.beyondTraceCap += 1
    return added.as !== 'known'
  }

  /** Counts a span that is kept now, in place of another or not. */
  private account(record: TraceRecord, { span, before }: Kept): void {
    const links = span.links.slice(before?.links.length)
    if (links.length > 0) this.links.add(record.id, { ...span, links })
    if (span.clipped && before?.clipped !== true) this.counters.clipped += 1
    this.rowBytes += span.bytes - (before?.bytes ?? 0)
    this.shared.hold(span)
    if (before === undefined) this.spanCount += 1
    else {
      this.counters.merged += 1
      this.shared.release(before)
    }
  }

  private recordOf(id: string): TraceRecord {
    const known = this.traces.get(id)
    if (known !== undefined) return known
    const made = createTraceRecord(id, this.evicted.has(id))
    this.traces.set(id, made)
    this.rowBytes += made.bytes
    return made
  }

  private touch(record: TraceRecord): void {
    this.version += 1
    record.version = this.version
    record.updated = Date.now()
    record.facts = undefined
    settle(record)
    this.traces.delete(record.id)
    this.traces.set(record.id, record)
  }

  private evict(): string[] {
    const removed: string[] = []
    for (const record of this.traces.values()) {
      if (!this.isOver() || (this.traces.size === 1 && this.shrink(record))) break
      this.traces.delete(record.id)
      this.links.remove(record)
      this.spanCount -= record.spans.length
      this.rowBytes -= record.bytes
      for (const span of record.spans) this.shared.release(span)
      this.counters.evictedTraces += 1
      this.counters.evictedSpans += record.spans.length
      removed.push(record.id)
      rememberEvicted(this.evicted, record.id)
    }
    return removed
  }

  private isOver(): boolean {
    return this.spanCount > this.limits.maxSpans || this.bytes > this.limits.maxBytes
  }

  /** Leaves of a trace that is larger than all that may be kept what fits. @returns false when nothing does */
  private shrink(record: TraceRecord): boolean {
    this.links.remove(record)
    dropLast(
      record,
      () => this.isOver(),
      (span) => {
        this.spanCount -= 1
        this.rowBytes -= span.bytes
        this.shared.release(span)
        this.counters.beyondTraceCap += 1
      },
    )
    for (const span of record.spans) if (span.links.length > 0) this.links.add(record.id, span)
    return record.spans.length > 0
  }

  private tell(change: StoreChange): void {
    for (const listener of this.listeners) listener(change)
  }
}
