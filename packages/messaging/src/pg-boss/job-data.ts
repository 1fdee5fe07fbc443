import type { SentMessage } from '@callchain/core'
import { sentIn } from '../wrapping/record-headers.ts'
import { recordOf } from '../wrapping/text.ts'

/** What our member of a job's data says besides the headers. */
const EMPTY = 'empty'
const REPEATED = 'repeated'

/** A job on its way, and its data as it is to be sent. */
export interface SentData {
  readonly message: SentMessage
  data(): unknown
}

/**
 * Makes the headers of a job writable, in a member of its data, without touching the data that was
 * given. Data that is not a plain record, and a member that is the application's own, have no room.
 */
export function sentData(given: unknown, member: string, isRepeated = false): SentData {
  const isEmpty = given === undefined || given === null
  const before = isEmpty ? undefined : recordOf(given)[member]
  const hasRoom = isEmpty || (isRecord(given) && (before === undefined || isRecord(before)))
  const headers = { ...recordOf(isRecord(before) ? before : undefined) }
  const message = sentIn(headers, () => hasRoom)
  return {
    message,
    data: () => {
      if (!hasRoom || Object.keys(headers).length === 0) return given
      const marks = { ...(isEmpty && { [EMPTY]: true }), ...(isRepeated && { [REPEATED]: true }) }
      return { ...recordOf(given), [member]: { ...headers, ...marks } }
    },
  }
}

/** What a job carries besides its data. */
export interface CarriedData {
  readonly headers: Readonly<Record<string, unknown>>
  readonly isRepeated: boolean
}

/** Takes the headers out of a job's data, which is then what was sent. Never throws. */
export function takeHeaders(job: { data?: unknown }, member: string): CarriedData {
  const { data } = job
  const carried = isRecord(data) ? data[member] : undefined
  if (!isRecord(data) || !isRecord(carried)) return { headers: {}, isRepeated: false }
  const { [EMPTY]: isEmpty, [REPEATED]: isRepeated, ...headers } = carried
  const { [member]: _, ...rest } = data
  job.data = isEmpty === true && Object.keys(rest).length === 0 ? null : rest
  return { headers, isRepeated: isRepeated === true }
}

// What writes itself as something else has no place for a member.
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !ArrayBuffer.isView(value) && !('toJSON' in value) && !('toPostgres' in value)
}
