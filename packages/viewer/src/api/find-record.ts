import { HttpError } from '../http/errors.ts'
import type { MemoryStore } from '../store/memory-store.ts'
import type { TraceRecord } from '../trace/trace-record.ts'

const MIN_PREFIX = 3
const MAX_NAMED = 5

/**
 * The trace of an id, of the begin of one, or the `latest`: the one that changed last.
 *
 * @throws HttpError 404 when none has it, 400 when several begin with it
 */
export function findRecord(store: MemoryStore, text: string): TraceRecord {
  const id = text.trim().toLowerCase()
  const known = id === 'latest' ? latestOf(store) : store.traces.get(id.padStart(32, '0'))
  if (known !== undefined) return known
  const found = id.length >= MIN_PREFIX ? withPrefix(store, id) : []
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  if (second !== undefined) throw new HttpError(400, severalSentence(id, found))
  throw new HttpError(404, 'This trace was never received, or was evicted to make room.')
}

function latestOf(store: MemoryStore): TraceRecord | undefined {
  let latest: TraceRecord | undefined
  for (const record of store.traces.values()) latest = record
  return latest
}

function withPrefix(store: MemoryStore, prefix: string): TraceRecord[] {
  const found: TraceRecord[] = []
  for (const record of store.traces.values())
    if (record.id.startsWith(prefix)) {
      found.push(record)
      if (found.length > MAX_NAMED) break
    }
  return found
}

function severalSentence(prefix: string, found: readonly TraceRecord[]): string {
  const named = found.slice(0, MAX_NAMED).map(({ id }) => id)
  const more = found.length > MAX_NAMED ? ', …' : ''
  return `Several traces begin with ${prefix.slice(0, 40)}: ${named.join(', ')}${more}. Give more of its digits.`
}
