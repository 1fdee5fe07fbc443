import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RangeParameters } from '../../src/contract/local-api.ts'
import type { TraceSummary, TracesAnswer } from '../../src/contract/trace-list.ts'
import { type Refusal, read } from '../api/client.ts'
import { useAnswer } from '../api/use-answer.ts'
import { parameter } from '../navigation/route.ts'

/** The list as far as it has been read. */
export interface Traces {
  readonly value: TracesAnswer | undefined
  readonly refusal: Refusal | undefined
  readonly list: readonly TraceSummary[]
  readonly reload: (isWanted?: () => boolean) => void
  readonly readMore: () => void
}

const PAGE_SIZE = 200

/** Reads the list of traces in the order of the address, a page at a time. */
export function useTraces(range: RangeParameters): Traces {
  const parameters = {
    ...range,
    sort: parameter('sort'),
    order: parameter('order'),
    limit: PAGE_SIZE,
  }
  const first = useAnswer('traces', parameters)
  const [further, setFurther] = useState<TraceSummary[]>([])
  const next = useRef<string | null>(null)
  const turn = useRef(0)
  // Before the list, which may be at its end already, asks for more.
  useLayoutEffect(() => {
    turn.current += 1
    setFurther([])
    next.current = first.value?.next ?? null
  }, [first.value])
  const asked = useRef(parameters)
  asked.current = parameters
  const readMore = useCallback(() => {
    const cursor = next.current
    if (cursor === null) return
    next.current = null
    const mine = turn.current
    void read('traces', { ...asked.current, cursor }).then(({ value }) => {
      if (mine !== turn.current) return readMore()
      if (!value) return
      setFurther((before) => [...before, ...value.traces])
      next.current = value.next
    })
  }, [])
  const list =
    further.length === 0
      ? (first.value?.traces ?? [])
      : [...(first.value?.traces ?? []), ...further]
  return { value: first.value, refusal: first.refusal, list, reload: first.reload, readMore }
}
