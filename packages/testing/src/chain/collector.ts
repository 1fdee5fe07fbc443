import type { TraceStore } from '@callchain/viewer'
import { loadViewer } from '../lazy/dependencies.cts'

/** Receives what services send, for `chain()` to wait for. */
export interface SpanCollector {
  /** Where to send: `http://127.0.0.1:…`, for OTLP over HTTP and for Zipkin. */
  readonly url: string
  /** What a service's process needs in its environment to send here, and soon. */
  readonly environment: Readonly<Record<string, string>>
  /** What has come. */
  readonly store: TraceStore
  /** Stops listening. */
  close(): Promise<void>
}

/** How long an exporter may collect spans before it sends them, in milliseconds. */
const SOON_MILLIS = '50'

/**
 * Starts a collector in this process, on a free port of this machine, for applications that run in
 * processes of their own or set up their own SDK.
 *
 * @example
 * ```ts
 * const collector = await startCollector()
 * const orders = spawn('node', ['orders.js'], { env: { ...process.env, ...collector.environment } })
 * const trace = await chain(({ headers }) => fetch(url, { headers }), { collector })
 * ```
 */
export async function startCollector(): Promise<SpanCollector> {
  const { createTraceStore, startViewer } = loadViewer()
  const store = createTraceStore()
  const viewer = await startViewer({ port: 0, store })
  return {
    url: viewer.url,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: viewer.url,
      OTEL_BSP_SCHEDULE_DELAY: SOON_MILLIS,
    },
    store,
    close: () => viewer.close(),
  }
}
