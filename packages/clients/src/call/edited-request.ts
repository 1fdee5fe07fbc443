import type { HttpClientRequest } from '@callchain/core'
import type { HeaderEditing } from './header-editing.ts'
import type { WrittenHeaders } from './written-headers.ts'

/**
 * A request over headers of any kind. As an attempt of a call it has the application's own baggage, and
 * records every change of a header.
 */
export class EditedRequest implements HttpClientRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderEditing
  resendCount: number | undefined
  private written: WrittenHeaders | undefined
  private baggage: string | undefined

  constructor(method: string, url: string, headers: HeaderEditing) {
    this.method = method
    this.url = url
    this.headers = headers
    this.resendCount = undefined
    this.written = undefined
    this.baggage = undefined
  }

  /** From now on it is decided about as an attempt: `baggage` is what the application has set. */
  decideAs(
    written: WrittenHeaders,
    baggage: string | undefined,
    resendCount?: number | undefined,
  ): this {
    this.written = written
    this.baggage = baggage
    this.resendCount = resendCount
    return this
  }

  header(name: string): string | undefined {
    if (name === 'baggage' && this.written !== undefined) return this.baggage
    return this.headers.header(name)
  }

  setHeader(name: string, value: string): void {
    this.written?.record(name, value)
    this.headers.setHeader(name, value)
  }

  removeHeader(name: string): void {
    this.written?.record(name, undefined)
    this.headers.removeHeader(name)
  }
}
