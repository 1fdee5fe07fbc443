import type { JSX } from 'preact'
import { duration } from '../format/duration.ts'
import { plural } from '../format/number.ts'
import { ServiceTag } from '../ui/service-tag.tsx'
import { ToggleButton } from '../ui/toggle-button.tsx'
import { areClocksCorrected, correctClocks } from './clocks.ts'
import { spanOf, type TraceView } from './view.ts'

/** Says that machines' clocks differ, where their spans show it, and moves the spans when asked. */
export function ClockNote({ view }: { view: TraceView }): JSX.Element | null {
  const { skew } = view.trace.value
  if (skew.length === 0) return null
  const isOn = areClocksCorrected()
  const services = [...new Set(skew.map(({ span }) => spanOf(view, span)?.service ?? ''))]
  const [service, ...others] = services
  const most = Math.max(...skew.map(({ by }) => Math.abs(by)))
  return (
    <p class="note-line clock-note" role="status">
      <span>
        {others.length === 0 ? (
          <>
            The clock of <ServiceTag name={service ?? ''} /> differs from its callers’{' '}
          </>
        ) : (
          `The clocks of ${plural(services.length, 'service')} differ from their callers’ `
        )}
        by {skew.length > 1 && 'up to '}
        {duration(most)}: {isOn ? 'spans are shifted' : 'times are shown as sent'}
      </span>
      <span class="grow" />
      <ToggleButton
        isOn={isOn}
        title="Shift the spans of machines whose clocks differ into their parents"
        onToggle={() => correctClocks(!isOn)}
      >
        Correct clocks
      </ToggleButton>
    </p>
  )
}
