import { TRACE_KEEPER } from '../otel/shared-keys.ts'

/** Decides which traces are kept, once this service's part of them is over. */
export interface TraceKeeper {
  /** Keeps a trace because the application asks for it; `note` says why. */
  keep(traceId: string, note: string | undefined): void
  /** Keeps a trace for a request that has a token, if the token is good. */
  keepBy(traceId: string, token: string): void
  /** Calls back, once at most, when this part of a trace is kept whatever its share. */
  whenKept(traceId: string, callback: () => void): void
  /** A service that was called has kept its part. */
  tellKept(traceId: string): void
  /** The traces that were kept lately, for those who may have parts of them; undefined when there are none. */
  rumours(): string | undefined
  /** Such traces, as another service tells of them. */
  hear(rumours: string): void
}

/** Has the traces of this process kept by `keeper`; `undefined` ends it. */
export function setTraceKeeper(keeper: TraceKeeper | undefined): void {
  Reflect.set(globalThis, TRACE_KEEPER, keeper)
}

/** Who decides; undefined where the sampler alone does. */
export function traceKeeper(): TraceKeeper | undefined {
  return (globalThis as { [TRACE_KEEPER]?: TraceKeeper })[TRACE_KEEPER]
}
