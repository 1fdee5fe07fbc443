import type { HttpClientRequest } from '@callchain/core'

/** One attempt's request as core is to see it: with the application's own baggage, and what is written noted. */
export class SentRequest implements HttpClientRequest {
  readonly method: string
  readonly url: string
  readonly resendCount: number
  readonly #request: HttpClientRequest
  readonly #baggage: string | undefined
  readonly #written: Map<string, string | undefined>

  constructor(
    request: HttpClientRequest,
    resendCount: number,
    baggage: string | undefined,
    written: Map<string, string | undefined>,
  ) {
    this.method = request.method
    this.url = request.url
    this.resendCount = resendCount
    this.#request = request
    this.#baggage = baggage
    this.#written = written
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
