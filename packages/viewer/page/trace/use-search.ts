import { useEffect } from 'preact/hooks'
import { read } from '../api/client.ts'
import { parameter } from '../navigation/route.ts'
import type { TraceView } from './view.ts'

/** Asks the viewer to search a brief trace, whose attributes are not here. */
export function useSearch(view: TraceView): void {
  const { brief, trace } = view.trace.value
  const text = parameter('find').trim().toLowerCase()
  useEffect(() => {
    if (!brief || text === '') return
    let isCurrent = true
    void read('traces/{id}/spans', { id: trace.id, text }).then(({ value }) => {
      if (isCurrent) view.answered.value = { text, ids: new Set(value?.spans) }
    })
    return () => {
      isCurrent = false
    }
  }, [view, brief, trace.id, trace.spans, text])
}
