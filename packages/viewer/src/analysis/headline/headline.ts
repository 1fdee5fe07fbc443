import type { Headline } from '../../contract/trace-list.ts'
import type { MemoryStore } from '../../store/memory-store.ts'
import { factsOf } from '../../trace/trace-facts.ts'
import type { TraceRecord } from '../../trace/trace-record.ts'
import { failureSentence } from './failure.ts'
import { timeSentence } from './time.ts'
import { usualTimes } from './usual.ts'

interface Known {
  readonly version: number
  readonly usual: number
  readonly headline: Headline
}

const known = new WeakMap<TraceRecord, Known>()

/**
 * One sentence on what happened in a trace: what failed and where, else what took the time and how
 * unusual that is, else that nothing was unusual.
 */
export function headlineOf(record: TraceRecord, store: MemoryStore): Headline {
  const usual = usualTimes(store)
  const before = known.get(record)
  if (before?.version === record.version && before.usual === usual.version) return before.headline
  const [origin] = factsOf(record).origins
  const headline =
    origin === undefined ? timeSentence(record, store, usual) : failureSentence(record, origin)
  known.set(record, { version: record.version, usual: usual.version, headline })
  return headline
}
