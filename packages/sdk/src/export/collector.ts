import type { HttpTransportOptions } from '../config/collectors.ts'
import { VERSION } from '../config/version.ts'
import { describeFailure } from './collector-failure.ts'
import type { ExportFailure } from './export-failure.ts'
import { createHttpTransport } from './http-transport.ts'
import type { AnswerReader } from './partial-success.ts'

/** Where bodies are posted to. */
export interface Collector {
  /** Posts a body with `count` items. Resolves to why it was not taken, in a sentence; undefined if it was. */
  post(body: Uint8Array, count: number): Promise<ExportFailure | undefined>
  /** Whether the body that was posted last has been taken, though its answer may not be over. */
  hasTaken(): boolean
  /** Whether the body that was posted last is not read any more, so that its memory may be used again. */
  hasReadBody(): boolean
  /** From now on, a failed request is not tried again: the process is about to end. */
  stopRetrying(): void
  close(): void
}

// OTLP, "User Agent": at least the exporter, its language and its version.
const USER_AGENT = `Callchain-Exporter-JavaScript/${VERSION}`

/** A collector that takes bodies of one content type; `accepted` is told of its answers. */
export function createCollector(
  options: HttpTransportOptions,
  contentType: string,
  accepted: AnswerReader,
): Collector {
  const headers = { 'user-agent': USER_AGENT, ...options.headers, 'content-type': contentType }
  const transport = createHttpTransport({ ...options, headers })
  return {
    async post(body, count) {
      const answer = await transport.post(body)
      if (answer instanceof Uint8Array) {
        accepted(answer, count)
        return undefined
      }
      const { error, refused, type, retryAfterMillis } = answer
      const reason = describeFailure(options.url, error)
      return { reason, refused, type, ...(retryAfterMillis !== undefined && { retryAfterMillis }) }
    },
    hasTaken: () => transport.hasTaken(),
    hasReadBody: () => transport.hasReadBody(),
    stopRetrying: () => transport.stopRetrying(),
    close: () => transport.close(),
  }
}
