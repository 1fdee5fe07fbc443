import type { TraceSummary } from '../contract/trace-list.ts'

/** Tells of each trace once nothing has been added to it for a while, and again when that was not all. */
export interface QuietTraces {
  note(trace: TraceSummary): void
  /** Tells at once of all that wait, and of none after that. */
  end(): void
}

const QUIET_MILLIS = 1000
const MAX_WAITING = 2000
const MAX_TOLD = 20_000

/** `tell` gets each trace in its turn. */
export function createQuietTraces(
  tell: (trace: TraceSummary) => void,
  quietMillis: number = QUIET_MILLIS,
): QuietTraces {
  const waiting = new Map<string, { trace: TraceSummary; timer: NodeJS.Timeout }>()
  const told = new Map<string, string>()
  const tellNow = (id: string): void => {
    const found = waiting.get(id)
    if (found === undefined) return
    clearTimeout(found.timer)
    waiting.delete(id)
    const said = `${found.trace.root.name}\n${found.trace.headline.kind}`
    if (told.get(id) === said) return
    remember(told, id, said)
    tell(found.trace)
  }
  return {
    note(trace) {
      const { id } = trace
      clearTimeout(waiting.get(id)?.timer)
      waiting.set(id, { trace, timer: setTimeout(() => tellNow(id), quietMillis) })
      const [oldest] = waiting.keys()
      if (waiting.size > MAX_WAITING && oldest !== undefined) tellNow(oldest)
    },
    end() {
      for (const id of [...waiting.keys()]) tellNow(id)
    },
  }
}

function remember(told: Map<string, string>, id: string, said: string): void {
  told.delete(id)
  told.set(id, said)
  const [oldest] = told.keys()
  if (told.size > MAX_TOLD && oldest !== undefined) told.delete(oldest)
}
