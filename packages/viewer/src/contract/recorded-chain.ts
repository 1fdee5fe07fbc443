/** A span of a chain that a test run has recorded; it holds no id and no value of a statement. */
export interface RecordedSpan {
  readonly name: string
  /** `internal`, `server`, `client`, `producer` or `consumer`. */
  readonly kind: string
  readonly service: string
  /** The host that a call goes to, without its port; left out where it is no call. */
  readonly host?: string
  /** The statement that it ran, with its values struck out. */
  readonly statement?: string
  /** What it failed with: the type of the error, else `failed`. */
  readonly error?: string
  /** Whether it says its tenant. */
  readonly tenant: boolean
  /** How long it took, in milliseconds. */
  readonly duration: number
  readonly children: readonly RecordedSpan[]
}

/** One line of a file of `CALLCHAIN_RECORD`. */
export interface RecordedChain {
  /** The version of this form. */
  readonly callchain: 1
  /** The test that made it; `''` where its runner does not say. */
  readonly test: string
  /** The spans at the top. */
  readonly spans: readonly RecordedSpan[]
}
