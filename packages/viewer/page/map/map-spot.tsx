import type { ComponentChildren, JSX } from 'preact'

/** What the drawing knows of everything that can be chosen in it. */
export interface SpotState {
  readonly isChosen: boolean
  readonly isDim: boolean
  /** Tab stops here; elsewhere on the map it does not, the arrows do. */
  readonly isStop: boolean
  readonly onPick: (id: string) => void
  readonly onFocus: (id: string) => void
}

interface MapSpotProps extends SpotState {
  readonly id: string
  readonly class: string
  readonly label: string
  readonly children: ComponentChildren
}

/** A part of the drawing that can be chosen, by the pointer and by keys. */
export function MapSpot(props: MapSpotProps): JSX.Element {
  const { id, isChosen, onPick, onFocus } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML has no button for inside a drawing
    <g
      class={`${props.class} ${isChosen ? 'chosen' : ''} ${props.isDim ? 'dim' : ''}`}
      role="button"
      // In a drawing, attributes are told apart by case.
      tabindex={props.isStop ? 0 : -1}
      data-key={id}
      aria-pressed={isChosen}
      aria-label={props.label}
      onClick={() => onPick(id)}
      onFocusIn={() => onFocus(id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onPick(id)
      }}
    >
      {props.children}
    </g>
  )
}
