import type { ImportResult } from '../contract/transfer.ts'
import type { TraceStore } from './trace-store.ts'

/** How a viewer is started. */
export interface ViewerOptions {
  /** The port for everything but gRPC; 0 takes a free one. Default: 4318. */
  readonly port?: number
  /**
   * The port for OTLP over gRPC, without TLS; 0 takes a free one, `false` switches it off. A port that was
   * not asked for and is taken is done without. Default: 4317 where `port` is 4318, else `false`.
   */
  readonly grpcPort?: number | false
  /** The address to listen on. One that other machines reach needs `token`. Default: `'127.0.0.1'`. */
  readonly host?: string
  /** What the page and every sender must present, as `Authorization: Bearer …`. Default: none. */
  readonly token?: string
  /** The most spans that are kept; beyond that, the traces that changed longest ago are evicted, whole. Default: 200000. */
  readonly maxSpans?: number
  /** The most memory for all spans together, in bytes as estimated. Default: 134217728 (128 MiB). */
  readonly maxMemory?: number
  /** The largest body of one request, in bytes, also once it is unpacked. Default: 67108864 (64 MiB). */
  readonly maxBody?: number
  /**
   * Other backends to open a trace in, by name: an http or https address with `{traceId}` in it, as in
   * `{ Jaeger: 'https://jaeger.example/trace/{traceId}' }`. Default: none.
   */
  readonly traceLinks?: Readonly<Record<string, string>>
  /**
   * A file that what comes in is kept in, and read from at the start: it survives the process. It is bounded as the
   * store is, and no other viewer may have it. Default: none, all is gone when the viewer ends.
   */
  readonly keep?: string
  /**
   * A backend that everything that comes in is sent to, too: its address without `/v1/traces`, and headers by name.
   * What waits for it is bounded; what was dropped is counted. Default: none.
   */
  readonly forward?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  /** Where traces are kept, to be read in the same process; `maxSpans` and `maxMemory` are its own then. Default: a store of the viewer's. */
  readonly store?: TraceStore
}

/** A viewer that runs. */
export interface Viewer {
  /** The address of the page, and the endpoint to send to. */
  readonly url: string
  /** The port, also when 0 was asked for. */
  readonly port: number
  /** The port for OTLP over gRPC; undefined where it is not received. */
  readonly grpcPort: number | undefined
  /**
   * Takes in a file of OTLP, Jaeger or Zipkin v2 JSON.
   *
   * @throws Error with a sentence when it is something else
   */
  importJson(text: string): ImportResult
  /** Stops listening and ends every connection; what was kept is gone. */
  close(): Promise<void>
}
