import type { LogRow, Resource } from '../model/rows.ts'
import { createDuplicateLines } from './duplicate-lines.ts'
import { createSharedBytes } from './shared-bytes.ts'

/** A log line with the number under which it is known. */
export interface KeptLog {
  readonly id: number
  /** Another one when its service has become known. */
  row: LogRow
}

/** Keeps the newest log lines, bounded by their number and their size. */
export interface LogStore {
  readonly size: number
  readonly bytes: number
  readonly evicted: number
  add(rows: readonly LogRow[]): KeptLog[]
  /** Newest first. */
  newest(): Iterable<KeptLog>
  ofTrace(trace: string): readonly KeptLog[]
  /** Gives a line another service. */
  adopt(line: KeptLog, resource: Resource): void
  clear(): void
}

/** Makes a store for this number of lines and bytes. */
export function createLogStore(maxLogs: number, maxBytes: number): LogStore {
  return new BoundedLogs(maxLogs, maxBytes)
}

class BoundedLogs implements LogStore {
  readonly maxLogs: number
  readonly maxBytes: number
  evicted = 0
  // Evicted lines stay before `first` until enough of them are there to be cut off at once.
  private lines: KeptLog[] = []
  private first = 0
  private lastId = 0
  private readonly byTrace = new Map<string, KeptLog[]>()
  private readonly duplicates = createDuplicateLines()
  private readonly shared = createSharedBytes()
  private rowBytes = 0

  constructor(maxLogs: number, maxBytes: number) {
    this.maxLogs = maxLogs
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.rowBytes + this.shared.bytes
  }

  get size(): number {
    return this.lines.length - this.first
  }

  add(rows: readonly LogRow[]): KeptLog[] {
    const fresh = rows.filter((row) => !this.duplicates.has(row))
    const kept = fresh.map((row) => {
      this.lastId += 1
      return { id: this.lastId, row }
    })
    for (const line of kept) {
      this.lines.push(line)
      this.rowBytes += line.row.bytes
      this.shared.hold(line.row)
      remember(this.byTrace, line)
      while (this.size > this.maxLogs || (this.bytes > this.maxBytes && this.size > 0)) this.evict()
    }
    return kept
  }

  *newest(): Iterable<KeptLog> {
    const { lines, first } = this
    for (let index = lines.length - 1; index >= first; index--) {
      const line = lines[index]
      if (line !== undefined) yield line
    }
  }

  ofTrace(trace: string): readonly KeptLog[] {
    return this.byTrace.get(trace) ?? []
  }

  adopt(line: KeptLog, resource: Resource): void {
    this.shared.release(line.row)
    line.row = { ...line.row, resource }
    this.shared.hold(line.row)
  }

  clear(): void {
    this.lines = []
    this.first = 0
    this.rowBytes = 0
    this.shared.clear()
    this.byTrace.clear()
    this.duplicates.clear()
  }

  private evict(): void {
    const oldest = this.lines[this.first]
    if (oldest === undefined) return
    this.first += 1
    this.evicted += 1
    this.rowBytes -= oldest.row.bytes
    this.shared.release(oldest.row)
    forget(this.byTrace, oldest)
    if (this.first < 4096 || this.first * 2 < this.lines.length) return
    this.lines = this.lines.slice(this.first)
    this.first = 0
  }
}

function remember(byTrace: Map<string, KeptLog[]>, line: KeptLog): void {
  const { trace } = line.row
  if (trace === '') return
  const list = byTrace.get(trace)
  if (list === undefined) byTrace.set(trace, [line])
  else list.push(line)
}

function forget(byTrace: Map<string, KeptLog[]>, line: KeptLog): void {
  const list = byTrace.get(line.row.trace)
  if (list === undefined) return
  // It is also the oldest of its trace.
  list.shift()
  if (list.length === 0) byTrace.delete(line.row.trace)
}
