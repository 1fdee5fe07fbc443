/** A span, as a program of `child` prints it. */
export interface PrintedSpan {
  readonly name: string
  readonly kind: number
  readonly id: string
  readonly parent?: string
  readonly links: readonly string[]
  readonly isError: boolean
  readonly attributes: Readonly<Record<string, unknown>>
  readonly exceptions: readonly string[]
}

/** What a program prints of one thing that it did. */
export interface Printed {
  readonly path: string
  readonly spans: readonly PrintedSpan[]
}

/** The span of a name, among those that were printed. */
export function named({ spans }: Printed, name: string): PrintedSpan {
  const found = spans.find((span) => span.name === name)
  if (found === undefined) {
    throw new Error(`no span is called ${name}: ${spans.map((span) => span.name).join(', ')}`)
  }
  return found
}
