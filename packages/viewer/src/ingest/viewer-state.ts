import type { Mark } from '../contract/comparison.ts'
import type { TraceLink } from '../contract/receiver.ts'
import type { ExchangeOf, RouteOf } from '../http/routes.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { Forwarder } from './forwarded.ts'
import type { RateMeter } from './rate-meter.ts'
import type { BodyReader } from './read-body.ts'
import type { ReceiverLog } from './receiver-log.ts'

/** What one running viewer holds; each of its parts gets it. */
export interface ViewerState {
  readonly store: MemoryStore
  readonly context: DecodeContext
  readonly bodies: BodyReader
  readonly log: ReceiverLog
  readonly rate: RateMeter
  readonly token: string | undefined
  readonly host: string
  readonly started: number
  /** Other backends that a trace can be opened in. */
  readonly traceLinks: readonly TraceLink[]
  /** Sends what comes in to a backend, too. */
  readonly forward: Forwarder | undefined
  /** The file that all of it is kept in. */
  readonly keep: string | undefined
  /** Moments that were marked, the newest last. */
  readonly marks: Mark[]
  /** Pages that follow live. */
  streams: number
  /** Known when the server listens. */
  url: string
  /** Where OTLP over gRPC is received; '' where it is not. */
  grpcUrl: string
}

/** One request to the viewer. */
export type Exchange = ExchangeOf<ViewerState>
/** A method and a pattern of paths, and what answers them for the viewer. */
export type Route = RouteOf<ViewerState>
