import type { SentMessage } from '@callchain/core'
import { sentIn } from '../wrapping/record-headers.ts'
import { recordOf } from '../wrapping/text.ts'
import type { BullJobOptions } from './types.ts'

/** The headers that BullMQ keeps with a job. Never throws: any client of Redis may have written them. */
export function readMetadata(options: BullJobOptions | undefined): Record<string, unknown> {
  const metadata = options?.telemetry?.metadata
  if (typeof metadata !== 'string') return {}
  try {
    return { ...recordOf(JSON.parse(metadata)) }
  } catch {
    return {}
  }
}

/** A job on its way, and its options as they are to be sent. */
export interface SentJob {
  readonly message: SentMessage
  options(): BullJobOptions | undefined
}

/** Makes the headers of a job writable, without touching the options that it was given. */
export function sentJob(given: BullJobOptions | undefined): SentJob {
  const headers = readMetadata(given)
  return {
    message: sentIn(headers),
    options: () => {
      if (Object.keys(headers).length === 0) return given
      const telemetry = { ...given?.telemetry, metadata: JSON.stringify(headers) }
      return { ...given, telemetry }
    },
  }
}
