import { type Decoded, nothingDecoded } from '../model/rows.ts'
import type { DecodeContext } from './decode-context.ts'
import { readGroups } from './read-groups.ts'

/**
 * Counts the metrics of an OTLP ExportMetricsServiceRequest: they are accepted, and not kept.
 *
 * @throws MalformedError when the body is not such a message
 */
export function countMetrics(body: Buffer, context: DecodeContext): Decoded {
  const decoded = nothingDecoded()
  readGroups(body, context, (reader) => {
    decoded.metrics += 1
    reader.position = reader.end
  })
  return decoded
}
