import type { ServerResponse } from 'node:http'
import { logLine } from '../analysis/log-line.ts'
import { summarise } from '../analysis/trace-summary.ts'
import type { ExportEntry } from '../contract/receiver.ts'
import type { StreamEvents } from '../contract/stream.ts'
import { COMMON_HEADERS } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import { queryOf } from '../http/parameters.ts'
import { hintsOf } from '../ingest/hints.ts'
import type { Route, ViewerState } from '../ingest/viewer-state.ts'
import { hasPattern, runBounded } from '../query/bounded.ts'
import type { Query } from '../query/compile-query.ts'
import { VERSION } from '../settings/version.ts'
import type { KeptLog } from '../store/log-store.ts'
import type { StoreChange } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'
import type { StreamExchange } from './local-exchange.ts'
import { statsOf } from './stats.ts'
import { within } from './within.ts'

const TICK_MILLIS = 250
const STATS_TICKS = 4
const COMMENT_TICKS = 60
const MAX_PER_EVENT = 200
const MAX_WAITING_TRACES = 5000
const MAX_WAITING_LOGS = 1000
const MAX_STREAMS = 64
const MAX_QUERY_MILLIS = 500

/** GET /api/local/stream: API.md, Live updates. */
export const streamRoute: Route = {
  method: 'GET',
  pattern: /^\/api\/local\/stream$/,
  answer: (exchange) => new LiveStream(exchange).start(),
}

class LiveStream {
  private readonly state: ViewerState
  private readonly response: ServerResponse
  private readonly query: Query
  private readonly text: string
  private readonly topics: ReadonlySet<string>
  private readonly watched: string
  private readonly shown = new Set<string>()
  // By id, not the records: a client that does not read must not keep evicted traces alive.
  private changed = new Set<string>()
  private removed: string[] = []
  private logs: KeptLog[] = []
  private moreLogs = 0
  private isCleared = false
  private exports: ExportEntry[] = []
  private more = 0
  private ticks = 0
  private lastStats = ''

  constructor({ state, response, parameters }: StreamExchange) {
    this.state = state
    this.response = response
    this.query = queryOf(parameters)
    this.text = parameters.get('q') ?? ''
    this.topics = new Set((parameters.get('topics') || 'traces,stats').split(','))
    this.watched = parameters.get('trace') ?? ''
  }

  start(): void {
    const { state, response } = this
    if (state.streams >= MAX_STREAMS)
      throw new HttpError(429, 'Too many pages are following already; close one.')
    const type = 'text/event-stream; charset=utf-8'
    response.writeHead(200, { ...COMMON_HEADERS, 'content-type': type })
    if (response.req.method === 'HEAD') return void response.end()
    state.streams += 1
    this.send('hello', { version: VERSION, stats: statsOf(state) })
    const stopStore = state.store.subscribe((change) => this.note(change))
    const stopLog = state.log.subscribe((entry) => this.noteExport(entry))
    const timer = setInterval(() => this.guardedTick(), TICK_MILLIS)
    response.on('close', () => {
      state.streams -= 1
      clearInterval(timer)
      stopStore()
      stopLog()
    })
  }

  private note(change: StoreChange): void {
    if (change.cleared) this.forget()
    for (const { id } of change.traces) {
      if (this.changed.size < MAX_WAITING_TRACES) this.changed.add(id)
      else this.more += 1
    }
    for (const id of change.removed) {
      this.shown.delete(id)
      if (this.removed.length < MAX_WAITING_TRACES) this.removed.push(id)
    }
    if (!this.topics.has('logs')) return
    this.logs.push(...change.logs.slice(-MAX_WAITING_LOGS))
    this.leaveOut(MAX_WAITING_LOGS)
  }

  /** Keeps only the newest waiting lines, this many. */
  private leaveOut(most: number): void {
    if (this.logs.length <= most) return
    this.moreLogs += this.logs.length - most
    this.logs = this.logs.slice(-most)
  }

  private forget(): void {
    this.changed.clear()
    this.shown.clear()
    this.removed = []
    this.logs = []
    this.isCleared = true
  }

  private noteExport(entry: ExportEntry | undefined): void {
    if (entry !== undefined && this.exports.length < MAX_PER_EVENT) this.exports.unshift(entry)
  }

  /** A fault must end this stream, not the process; the page opens another. */
  private guardedTick(): void {
    try {
      if (hasPattern(this.text)) runBounded(this.text, MAX_QUERY_MILLIS, () => this.tick())
      else this.tick()
    } catch (error) {
      this.response.destroy(error instanceof Error ? error : undefined)
    }
  }

  private tick(): void {
    this.ticks += 1
    // A page that does not read gets the state as it is once it reads again, not every step to it.
    if (this.response.writableNeedDrain) {
      this.leaveOut(MAX_PER_EVENT)
      return
    }
    if (this.isCleared) this.send('cleared', {})
    this.isCleared = false
    this.sendTraces()
    this.sendLogs()
    this.sendExports()
    if (this.ticks % STATS_TICKS === 0) this.sendStats()
    if (this.ticks % COMMENT_TICKS === 0) this.response.write(':\n\n')
  }

  private sendTraces(): void {
    const { state, watched } = this
    const changed = [...this.changed].flatMap((id) => state.store.traces.get(id) ?? [])
    this.changed = new Set()
    for (const record of changed)
      if (record.id === watched) this.send('trace', { id: watched, spans: record.spans.length })
    if (!this.topics.has('traces')) return
    const matching = changed.filter((record) => this.matches(record))
    if (matching.length + this.removed.length + this.more === 0) return
    matching.sort((a, b) => b.start - a.start)
    const newest = matching.slice(0, MAX_PER_EVENT)
    const traces = within(newest.map((record) => summarise(record, state.store)))
    const removed = this.removed.splice(0)
    const more = this.more + matching.length - traces.length
    this.more = 0
    this.send('traces', { traces, removed, more })
  }

  private matches(record: TraceRecord): boolean {
    if (this.query.trace(record)) {
      this.shown.add(record.id)
      return true
    }
    if (this.shown.delete(record.id)) this.removed.push(record.id)
    return false
  }

  private sendLogs(): void {
    const matching = this.logs.filter(({ row }) => this.query.log(row))
    const more = this.moreLogs + Math.max(0, matching.length - MAX_PER_EVENT)
    this.logs = []
    this.moreLogs = 0
    if (matching.length === 0) return
    const logs = within(matching.slice(-MAX_PER_EVENT).reverse().map(logLine))
    this.send('logs', { logs, more: more + Math.min(MAX_PER_EVENT, matching.length) - logs.length })
  }

  private sendExports(): void {
    if (this.topics.has('receiver') && this.exports.length > 0)
      this.send('receiver', { exports: this.exports, hints: hintsOf(this.state) })
    this.exports = []
  }

  private sendStats(): void {
    if (!this.topics.has('stats')) return
    const stats = statsOf(this.state)
    const text = JSON.stringify(stats)
    if (text === this.lastStats) return
    this.lastStats = text
    this.send('stats', stats)
  }

  private send<Name extends keyof StreamEvents>(event: Name, data: StreamEvents[Name]): void {
    this.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
}
