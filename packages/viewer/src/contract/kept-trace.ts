import type { LocalApi } from './local-api.ts'

/** What a file with one trace in it holds, for the page that is in it, too. */
export interface KeptTrace {
  readonly id: string
  readonly markdown: string
  /** When the file was written, in milliseconds since 1970. */
  readonly written: number
  readonly trace: LocalApi['traces/{id}']['answer']
  readonly logs: LocalApi['traces/{id}/logs']['answer']
  readonly map: LocalApi['traces/{id}/map']['answer']
  readonly otlp: object
  readonly services: readonly string[]
}

/** The id of the element of such a file that holds it, as JSON. */
export const KEPT_TRACE_ELEMENT: string = 'callchain-trace'
