import type { TraceKeeper } from '@callchain/core/internal'
import { isKeepToken } from './keep-token.ts'
import type { Keeper } from './keeper.ts'
import { Limiter } from './limiter.ts'
import type { JudgedSpan, WaitingLine } from './part.ts'

/** What others ask of a keeper, whatever its spans are. */
export interface TraceDecider extends TraceKeeper {
  /** Lets a line wait for its trace; false when it may go at once. */
  addLine(traceId: string, line: WaitingLine): boolean
  /** Judges what is open by what is known of it. */
  settle(): void
}

/** Most traces that are read of one header. */
const MAX_RUMOURS = 16
const TRACE_ID = /^[0-9a-f]{32}$/

/** A keeper as the rest of the process sees it. */
export function createTraceDecider<S extends JudgedSpan>(
  keeper: Keeper<S>,
  forceKey?: string,
): TraceDecider {
  // A token that has leaked must not fill the backend.
  const tokens = new Limiter(1)
  return {
    keep: (traceId, note) => keeper.force(traceId, 'forced', note),
    keepBy(traceId, token) {
      if (forceKey === undefined || !isKeepToken(forceKey, token)) return
      if (tokens.admits('')) keeper.force(traceId, 'forced', 'token')
    },
    whenKept: (traceId, callback) => keeper.whenKept(traceId, callback),
    tellKept: (traceId) => keeper.force(traceId, 'callee'),
    rumours: () => keeper.rumours(),
    hear(rumours) {
      for (const id of rumours.split(',', MAX_RUMOURS)) {
        if (TRACE_ID.test(id)) keeper.hear(id)
      }
    },
    addLine: (traceId, line) => keeper.addLine(traceId, line),
    settle: () => keeper.settle(),
  }
}
