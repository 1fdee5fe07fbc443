import type { HttpClientRequest } from '@callchain/core'

/** Alternating names and values. */
export type FlatHeaders = unknown[]

/** Reads and changes the headers of a request, whatever the case of their names. */
export type HeaderEditing = Pick<HttpClientRequest, 'header' | 'setHeader' | 'removeHeader'>

/** Headers that are a list of alternating names and values. */
export class HeaderList implements HeaderEditing {
  readonly #headers: FlatHeaders
  readonly #add: (name: string, value: string) => void

  /** @param add adds a header to the list. Default: at its end. */
  constructor(
    headers: FlatHeaders,
    add: (name: string, value: string) => void = (name, value) => headers.push(name, value),
  ) {
    this.#headers = headers
    this.#add = add
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
    this.#add(name, value)
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
  readonly #isLowerCase: boolean

  /** @param isLowerCase whether all names in it are in lower case, and are to stay so */
  constructor(headers: Record<string, unknown>, isLowerCase = false) {
    this.#headers = headers
    this.#isLowerCase = isLowerCase
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
    this.#headers[this.#isLowerCase ? name.toLowerCase() : name] = value
  }

  removeHeader(name: string): void {
    for (const key of Object.keys(this.#headers)) {
      if (isNamed(key, name)) delete this.#headers[key]
    }
  }
}

/** What `Headers` of fetch and those of axios have in common. */
interface Headers {
  get(name: string): unknown
  set(name: string, value: string): unknown
  delete(name: string): unknown
}

/** Headers that are an object with methods, whatever the case of a name. */
export class HeaderObject implements HeaderEditing {
  readonly #headers: Headers

  constructor(headers: Headers) {
    this.#headers = headers
  }

  header(name: string): string | undefined {
    const value = this.#headers.get(name)
    return value === undefined || value === null ? undefined : String(value)
  }

  setHeader(name: string, value: string): void {
    this.#headers.set(name, value)
  }

  removeHeader(name: string): void {
    this.#headers.delete(name)
  }
}

function isNamed(key: string, name: string): boolean {
  return key === name || (key.length === name.length && key.toLowerCase() === name.toLowerCase())
}
