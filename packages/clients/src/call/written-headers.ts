/** A header that nobody has touched; `undefined` is one that was removed. */
const UNTOUCHED = null

type Written = string | undefined | typeof UNTOUCHED

/** What was decided for the headers of an attempt. */
export class WrittenHeaders {
  traceparent: Written = UNTOUCHED
  private tracestate: Written = UNTOUCHED
  private baggage: Written = UNTOUCHED
  /** Those of formats besides W3C's. */
  private others: Map<string, string | undefined> | undefined

  /** `undefined`: it was removed. */
  record(name: string, value: string | undefined): void {
    if (name === 'traceparent') this.traceparent = value
    else if (name === 'tracestate') this.tracestate = value
    else if (name === 'baggage') this.baggage = value
    else this.recordOther(name, value)
  }

  /** The `baggage` that was written; `undefined` where there is none. */
  get writtenBaggage(): string | undefined {
    return this.baggage ?? undefined
  }

  get isEmpty(): boolean {
    return !this.some(() => true)
  }

  /** Whether the test holds for any header that was written or removed; names are in lower case. */
  some(test: (name: string, value: string | undefined) => boolean): boolean {
    const { traceparent, tracestate, baggage, others } = this
    if (traceparent !== UNTOUCHED && test('traceparent', traceparent)) return true
    if (tracestate !== UNTOUCHED && test('tracestate', tracestate)) return true
    if (baggage !== UNTOUCHED && test('baggage', baggage)) return true
    for (const [name, value] of others ?? []) if (test(name, value)) return true
    return false
  }

  /**
   * Whether a list of alternating names and values has the headers as they were decided. In one pass,
   * since that is asked of every request: `false` may also mean that it takes a closer look.
   */
  isIn(headers: readonly unknown[]): boolean {
    if (this.others !== undefined) return false
    let missing = count(this.traceparent) + count(this.tracestate) + count(this.baggage)
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at]
      if (typeof name !== 'string') return false
      const written = hasLengthOfOurs(name) ? this.writtenAs(name) : UNTOUCHED
      if (written === UNTOUCHED) continue
      if (headers[at + 1] !== written) return false
      missing -= 1
    }
    return missing === 0
  }

  private writtenAs(name: string): Written {
    if (name === 'traceparent') return this.traceparent
    if (name === 'tracestate') return this.tracestate
    if (name === 'baggage') return this.baggage
    // In another case: it takes a closer look.
    return OUR_NAMES.has(name.toLowerCase()) ? undefined : UNTOUCHED
  }

  private recordOther(name: string, value: string | undefined): void {
    const lower = name.toLowerCase()
    if (OUR_NAMES.has(lower)) {
      this.record(lower, value)
      return
    }
    this.others ??= new Map()
    this.others.set(lower, value)
  }
}

const OUR_NAMES: ReadonlySet<string> = new Set(['traceparent', 'tracestate', 'baggage'])

function hasLengthOfOurs({ length }: string): boolean {
  return length === 11 || length === 10 || length === 7
}

function count(written: Written): number {
  return typeof written === 'string' ? 1 : 0
}
