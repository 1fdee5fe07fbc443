import { describeError } from '../report/describe-error.ts'

/** Why an export did not deliver, and what that means for the next one. */
export interface ExportFailure {
  /** The rest of the sentence "3 spans were lost: …". */
  readonly reason: string
  /** The collector has judged these items alone; the next ones may well be taken. */
  readonly refused?: boolean
  /** The collector asks for these items again, but only after this time. */
  readonly retryAfterMillis?: number
  /** What metrics call it: a status, a code, a word (Semantic conventions, `error.type`). */
  readonly type?: string
}

const FAILURE = Symbol('export failure')

/** An error that carries a failure through the result of an exporter. */
export function toExportError(failure: ExportFailure): Error {
  return Object.assign(new Error(failure.reason), { [FAILURE]: failure })
}

/** The failure that `error` carries, else what it says; whatever it is. */
export function readFailure(error: unknown): ExportFailure {
  if (typeof error === 'object' && error !== null && FAILURE in error) {
    return error[FAILURE] as ExportFailure
  }
  return { reason: error === undefined ? 'the exporter failed' : describeError(error) }
}
