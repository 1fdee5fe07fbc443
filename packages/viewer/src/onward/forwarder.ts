import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ForwardFigures } from '../contract/receiver.ts'
import { type ForwardedExport, type Forwarder, HOPS_HEADER } from '../ingest/forwarded.ts'
import type { ForwardTarget } from '../settings/check-forward.ts'
import { reasonOf } from './reason-of.ts'

/** Bytes of all exports that wait. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024
const MAX_PARALLEL = 4
const MAX_TRIES = 5
const MAX_ANSWER_MILLIS = 10_000
const FIRST_PAUSE_MILLIS = 1000
const MAX_PAUSE_MILLIS = 30_000
/** What closing waits for at most. */
const MAX_CLOSING_MILLIS = 2000
/** What goes round in a circle of viewers stops after so many of them. */
const MAX_HOPS = 4
// What a backend asks to be sent again (OTLP 1.11, Retryable Response Codes).
const RETRIED: readonly number[] = [429, 502, 503, 504]
const packed = promisify(gzip)

/**
 * Sends what comes in to a backend, too, as it came. It never holds up who sends here: what waits is bounded, and
 * the oldest is dropped first. What was sent, failed or was dropped is counted.
 */
export function createForwarder(
  target: ForwardTarget,
  pauseMillis: number = FIRST_PAUSE_MILLIS,
): Forwarder {
  return new BoundedForwarder(target, pauseMillis)
}

class BoundedForwarder implements Forwarder {
  private readonly target: ForwardTarget
  private readonly pauseMillis: number
  private readonly stop = new AbortController()
  private readonly running = new Set<Promise<void>>()
  private queue: ForwardedExport[] = []
  private bytes = 0
  private sent = 0
  private failed = 0
  private dropped = 0
  private fault: string | undefined

  constructor(target: ForwardTarget, pauseMillis: number) {
    this.target = target
    this.pauseMillis = pauseMillis
  }

  get figures(): ForwardFigures {
    const { sent, failed, dropped, fault } = this
    const waiting = this.queue.length + this.running.size
    return { url: this.target.url, sent, waiting, failed, dropped, fault }
  }

  send(one: ForwardedExport): void {
    if (one.hops >= MAX_HOPS) return
    this.queue.push(one)
    this.bytes += one.body.length
    while (this.bytes > MAX_WAITING_BYTES) this.drop()
    this.work()
  }

  async close(): Promise<void> {
    const deadline = AbortSignal.timeout(MAX_CLOSING_MILLIS)
    deadline.addEventListener('abort', () => this.stop.abort())
    while (this.running.size > 0) await Promise.all(this.running)
    this.stop.abort()
  }

  private drop(): void {
    const oldest = this.queue.shift()
    if (oldest === undefined) {
      this.bytes = 0
      return
    }
    this.bytes -= oldest.body.length
    this.dropped += 1
  }

  private work(): void {
    while (this.running.size < MAX_PARALLEL && !this.stop.signal.aborted) {
      const next = this.queue.shift()
      if (next === undefined) return
      this.bytes -= next.body.length
      const done = this.deliver(next)
      this.running.add(done)
      void done.finally(() => {
        this.running.delete(done)
        this.work()
      })
    }
  }

  private async deliver(one: ForwardedExport): Promise<void> {
    for (let tries = 1; ; tries++) {
      const outcome = await this.post(one)
      if (outcome === undefined) {
        this.sent += 1
        return
      }
      this.fault = outcome.fault
      if (!outcome.isRetried || tries >= MAX_TRIES || this.stop.signal.aborted) break
      const pause = Math.min(MAX_PAUSE_MILLIS, outcome.pause ?? this.pauseMillis * 2 ** (tries - 1))
      await wait(pause, undefined, { signal: this.stop.signal }).catch(() => {})
    }
    this.failed += 1
  }

  /** @returns undefined when it has arrived */
  private async post({ path, type, body, hops }: ForwardedExport): Promise<Outcome | undefined> {
    try {
      const response = await fetch(this.target.url.replace(/\/+$/, '') + path, {
        method: 'POST',
        headers: {
          ...this.target.headers,
          'content-type': type,
          'content-encoding': 'gzip',
          [HOPS_HEADER]: String(hops + 1),
        },
        body: await packed(body),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(MAX_ANSWER_MILLIS), this.stop.signal]),
      })
      await response.arrayBuffer()
      if (response.ok) return undefined
      const { status } = response
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      return {
        fault: `${this.target.url}${path} answered ${status}`,
        isRetried: RETRIED.includes(status),
        pause: seconds >= 0 ? seconds * 1000 : undefined,
      }
    } catch (error) {
      return { fault: sentenceFor(error, this.target.url), isRetried: true, pause: undefined }
    }
  }
}

interface Outcome {
  readonly fault: string
  readonly isRetried: boolean
  readonly pause: number | undefined
}

function sentenceFor(error: unknown, url: string): string {
  return `${url} cannot be reached: ${reasonOf(Object(error).cause ?? error)}`
}
