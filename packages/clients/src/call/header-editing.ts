import type { HttpClientRequest } from '@callchain/core'

/** Names and values by turns. */
export type FlatHeaders = unknown[]

/** Reads and changes the headers of a request, whatever the case of their names. */
export type HeaderEditing = Pick<HttpClientRequest, 'header' | 'setHeader' | 'removeHeader'>

/** Headers that are a list of names and values by turns. */
export class HeaderList implements HeaderEditing {
  readonly #headers: FlatHeaders

  constructor(headers: FlatHeaders) {
    this.#headers = headers
  }

  header(name: string): string | undefined {
    let found: string | undefined
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at + 2)) {
      const value = String(this.#headers[at + 1])
      found = found === undefined ? value : `${found},${value}`
    }
    return found
  }

  setHeader(name: string, value: string): void {
    this.removeHeader(name)
    this.#headers.push(name, value)
  }

  removeHeader(name: string): void {
    for (let at = this.#find(name, 0); at !== -1; at = this.#find(name, at)) {
      this.#headers.splice(at, 2)
    }
  }

  #find(name: string, from: number): number {
    const headers = this.#headers
    for (let at = from; at < headers.length; at += 2) {
      if (isNamed(String(headers[at]), name)) return at
    }
    return -1
  }
}

/** Headers that are an object, whose values may be lists. */
export class HeaderRecord implements HeaderEditing {
  readonly #headers: Record<string, unknown>

  constructor(headers: Record<string, unknown>) {
    this.#headers = headers
  }

  header(name: string): string | undefined {
    let found: string | undefined
    for (const key of Object.keys(this.#headers)) {
      const value = this.#headers[key]
      if (value === undefined || value === null || !isNamed(key, name)) continue
      const text = String(value)
      found = found === undefined ? text : `${found},${text}`
    }
    return found
  }

  setHeader(name: string, value: string): void {
    this.removeHeader(name)
    this.#headers[name] = value
  }

  removeHeader(name: string): void {
    for (const key of Object.keys(this.#headers)) {
      if (isNamed(key, name)) delete this.#headers[key]
    }
  }
}

function isNamed(key: string, name: string): boolean {
  return key === name || (key.length === name.length && key.toLowerCase() === name.toLowerCase())
}
