import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { duration } from '../format/duration.ts'
import { useSize } from '../lists/list-box.ts'
import type { TraceView } from './view.ts'

const TICKS = 4

/** The times above the bars. */
export function Ruler({ view }: { view: TraceView }): JSX.Element {
  const { from, to } = view.part.value
  const zero = view.whole.value.from
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => index / TICKS)
  const title = useRef<HTMLElement>(null)
  useSize(title, () => {
    view.names.value = title.current?.offsetWidth ?? 0
  })
  return (
    <div class="ruler" aria-hidden="true">
      <span ref={title} class="ruler-title">
        Span
      </span>
      <span class="ruler-ticks">
        {ticks.map((share) => (
          <span key={share} style={{ left: `${share * 100}%` }}>
            {duration(from - zero + (to - from) * share)}
          </span>
        ))}
      </span>
    </div>
  )
}
