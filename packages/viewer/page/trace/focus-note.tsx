import type { JSX } from 'preact'
import { plural } from '../format/number.ts'
import { ServiceTag } from '../ui/service-tag.tsx'
import { focusOn } from './choose.ts'
import type { TraceView } from './view.ts'

/** Says that the waterfall shows a part of the trace only, and leads back to all of it. */
export function FocusNote({ view }: { view: TraceView }): JSX.Element | null {
  const span = view.focused.value
  if (!span) return null
  return (
    <p class="note-line focus-note" role="status">
      Only <ServiceTag name={span.service} /> <b>{span.name}</b>
      <span class="quiet">and the {plural(span.descendants, 'span')} below it</span>
      <span class="grow" />
      <button type="button" class="button small" onClick={() => focusOn(view, undefined)}>
        Back to the whole trace
      </button>
    </p>
  )
}
