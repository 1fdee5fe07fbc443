import { TraceFlags } from '@opentelemetry/api'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { observersOfAll, type SpanObserver } from './span-observer.ts'
import { startTimer, stopTimer } from './timers.ts'

/** How long `waitFor` waits. */
export interface WaitOptions {
  /** Milliseconds of real time, also under fake timers. Default: 10000. */
  timeout?: number
}

const DEFAULT_TIMEOUT_MILLIS = 10_000

/** Keeps the spans of a provider whose span processor it is. */
export interface SpanLog extends SpanProcessor {
  /** What has begun and not ended, and how to read it. */
  readonly started: Map<object, () => ReadableSpan>
  readonly ended: ReadableSpan[]
  /** Who is told of each span of this log. */
  readonly observers: Set<SpanObserver>
  /** Takes what has begun: a key for it, and how to read it. */
  begin(key: object, read: () => ReadableSpan): void
  /** Takes what has ended: the key that it began with, and how to read it. */
  end(key: object, span: ReadableSpan): void
  open(): ReadableSpan[]
  clear(): void
  describe(): string
  until(done: () => boolean, what: string, options?: WaitOptions): Promise<void>
}

/** A log without spans. */
export function createSpanLog(): SpanLog {
  const started = new Map<object, () => ReadableSpan>()
  const ended: ReadableSpan[] = []
  const watchers = new Set<() => void>()
  const observers = new Set<SpanObserver>()
  const everyObserver = (): SpanObserver[] => [...observers, ...observersOfAll()]
  const open = (): ReadableSpan[] => [...started.values()].map((read) => read())
  const begin = (key: object, read: () => ReadableSpan): void => {
    started.set(key, read)
    for (const observer of everyObserver()) observer.started(key, read)
  }
  const end = (key: object, span: ReadableSpan): void => {
    started.delete(key)
    // Sampled when it began, and taken back since: no exporter would get it.
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) ended.push(span)
    for (const observer of everyObserver()) observer.ended(key, span)
    for (const watch of watchers) watch()
  }
  const describe = (): string =>
    `ended: ${names(ended) || 'none'}; still open: ${names(open()) || 'none'}`
  return {
    started,
    ended,
    observers,
    describe,
    begin,
    end,
    open,
    onStart: (span: Span) => begin(span, () => span),
    onEnd: (span) => end(span, span),
    clear: () => {
      started.clear()
      ended.length = 0
    },
    until: (done, what, { timeout = DEFAULT_TIMEOUT_MILLIS } = {}) =>
      new Promise((resolve, reject) => {
        if (done()) return resolve()
        const timer = startTimer(() => {
          watchers.delete(watch)
          reject(new Error(`waited ${timeout} ms for ${what}; ${describe()}`))
        }, timeout)
        const watch = (): void => {
          if (!done()) return
          stopTimer(timer)
          watchers.delete(watch)
          resolve()
        }
        watchers.add(watch)
      }),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

function names(spans: readonly ReadableSpan[]): string {
  return spans.map(({ name }) => `'${name}'`).join(', ')
}
