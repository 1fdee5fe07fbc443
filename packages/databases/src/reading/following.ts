import type { Context } from '@opentelemetry/api'

/** The statement whose result is followed. */
export interface Following {
  /** The context in which the database is called. */
  readonly within: Context
  /** Ends its span; only the first call counts. `millisAgo`: how long ago it ended. */
  end(error?: unknown, millisAgo?: number): void
}

/** Ends a statement as failed, whatever was thrown. */
export function fail({ end }: Following, error: unknown): void {
  end(error ?? new Error('failed without a reason'))
}
