import type { Attempt } from '../call/attempt.ts'
import type { Call } from '../call/call.ts'

interface Controller {
  readonly paused?: unknown
}

// Twice what undici and the streams of Node hold by default before they let no more come.
const BUFFERED = 131_072

/**
 * The body of a response on its way to a handler of undici. One that is not read is held back once
 * buffers are full, and no more of it comes: its span ends with its headers then.
 */
export class UndiciBody {
  /** For an undici that tells so by what its handler returns, and by what it is called to resume. */
  heldBack = false
  readonly #most: number
  #current: Attempt | undefined
  #controller: Controller | undefined
  #length = 0
  #isHeld = false
  #isRead = false

  /** @param buffer how many bytes are held where the application has asked for another number */
  constructor(buffer: unknown) {
    this.#most = typeof buffer === 'number' ? Math.max(2 * buffer, BUFFERED) : BUFFERED
  }

  begin({ current }: Call, status: unknown, controller?: unknown): void {
    // What comes before is not the response yet: 100 Continue, 103 Early Hints.
    if (Number(status) < 200 || current === undefined) return
    current.headers(Number(status))
    this.#current = current
    this.#controller = controller as Controller | undefined
    this.#length = 0
    this.#isHeld = false
    this.#isRead = false
  }

  /** A part of it has come, and has been handed on. */
  data(chunk: unknown): void {
    if (this.#isRead) return
    // What comes after it was held back, or once a buffer should be full, comes for somebody who reads.
    if (this.#isHeld || this.#length >= this.#most) {
      this.#isRead = true
      return
    }
    this.#length += Number((chunk as { length?: unknown } | null | undefined)?.length)
    if (!this.#isHeldBack()) return
    this.#isHeld = true
    this.#current?.endWhenUnread(() => !this.#isRead && this.#isHeldBack())
  }

  #isHeldBack(): boolean {
    return this.heldBack || this.#controller?.paused === true
  }
}
