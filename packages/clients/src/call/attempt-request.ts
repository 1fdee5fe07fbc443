import type { HttpClientRequest } from '@callchain/core'

/**
 * The request of one attempt as core sees it: with the application's own baggage, and with every
 * change of a header recorded in `written` (`undefined` for one that was removed).
 */
export class AttemptRequest implements HttpClientRequest {
  readonly method: string
  readonly url: string
  readonly resendCount: number | undefined
  readonly #request: HttpClientRequest
  readonly #written: Map<string, string | undefined>
  readonly #baggage: string | undefined

  constructor(
    request: HttpClientRequest,
    written: Map<string, string | undefined>,
    baggage: string | undefined,
    resendCount?: number,
  ) {
    this.method = request.method
    this.url = request.url
    this.resendCount = resendCount
    this.#request = request
    this.#written = written
    this.#baggage = baggage
  }

  header(name: string): string | undefined {
    return name === 'baggage' ? this.#baggage : this.#request.header(name)
  }

  setHeader(name: string, value: string): void {
    this.#written.set(name.toLowerCase(), value)
    this.#request.setHeader(name, value)
  }

  removeHeader(name: string): void {
    this.#written.set(name.toLowerCase(), undefined)
    this.#request.removeHeader(name)
  }
}
