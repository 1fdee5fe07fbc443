import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { isPaused } from '../api/live.ts'
import { useKeys } from '../navigation/keys.ts'
import { Icon } from '../ui/icons.tsx'

/** Lets the list stand still, and go on. */
export function LiveButton({ onResume }: { onResume: () => void }): JSX.Element {
  const toggle = () => {
    isPaused.value = !isPaused.value
    if (!isPaused.value) onResume()
  }
  useKeys(useMemo(() => ({ p: toggle }), []))
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isPaused.value}
      onClick={toggle}
      title="Pause or resume (p)"
    >
      <Icon name={isPaused.value ? 'play' : 'pause'} />
      {isPaused.value ? 'Resume' : 'Pause'}
    </button>
  )
}
