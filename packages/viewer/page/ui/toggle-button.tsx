import type { ComponentChildren, JSX } from 'preact'

interface ToggleButtonProps {
  readonly isOn: boolean
  readonly title?: string
  readonly onToggle: () => void
  readonly children: ComponentChildren
}

/** A small button that is pressed, and said to be, while something is on. */
export function ToggleButton({ isOn, title, onToggle, children }: ToggleButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="button small"
      aria-pressed={isOn}
      onClick={onToggle}
      {...(title !== undefined && { title })}
    >
      {children}
    </button>
  )
}
