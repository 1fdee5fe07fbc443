import type { Attempt } from '../call/attempt.ts'
import type { LogicalCall } from '../call/logical-call.ts'

interface Controller {
  readonly paused?: unknown
}

// In bytes: twice what undici and Node's streams buffer by default before they stop the source.
const MIN_BUFFERED_BYTES = 131_072

/**
 * The body of a response on its way to an undici handler. When nobody reads it, it is held back once
 * the buffers are full, and no more of it comes: its span then ends with its headers.
 */
export class UndiciBody {
  /** For undici 6, whose handler pauses by what it returns and resumes by a function. */
  heldBack = false
  readonly #maxBuffered: number
  #attempt: Attempt | undefined
  #controller: Controller | undefined
  #length = 0
  #isHeld = false
  #isRead = false

  /** @param buffer how many bytes the application has asked to buffer, if it has */
  constructor(buffer: unknown) {
    this.#maxBuffered =
      typeof buffer === 'number' ? Math.max(2 * buffer, MIN_BUFFERED_BYTES) : MIN_BUFFERED_BYTES
  }

  begin({ attempt }: LogicalCall, status: unknown, controller?: unknown): void {
    // Below 200 it is not the response yet: 100 Continue, 103 Early Hints.
    if (Number(status) < 200 || attempt === undefined) return
    attempt.headers(Number(status))
    this.#attempt = attempt
    this.#controller = controller as Controller | undefined
    this.#length = 0
    this.#isHeld = false
    this.#isRead = false
  }

  /** A part of it came, and was passed on. */
  data(chunk: unknown): void {
    if (this.#isRead) return
    // More comes only for somebody who reads, once it was held back or a buffer should be full.
    if (this.#isHeld || this.#length >= this.#maxBuffered) {
      this.#isRead = true
      return
    }
    this.#length += Number((chunk as { length?: unknown } | null | undefined)?.length)
    if (!this.#isHeldBack()) return
    this.#isHeld = true
    this.#attempt?.endWhenUnread(() => !this.#isRead && this.#isHeldBack())
  }

  #isHeldBack(): boolean {
    return this.heldBack || this.#controller?.paused === true
  }
}
