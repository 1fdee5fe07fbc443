import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icons.tsx'

interface MenuProps {
  readonly label: string
  readonly words?: string
  readonly icon?: IconName
  /** Something in it differs from the default. */
  readonly isOn?: boolean
  readonly class?: string
  readonly children: ComponentChildren
}

/** A button that unfolds a list below it; Escape or a click elsewhere closes it. */
export function Menu(props: MenuProps): JSX.Element {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const onPointer = (event: Event) => {
      if (event.target instanceof Node && !details.current?.contains(event.target))
        close(details.current)
    }
    addEventListener('pointerdown', onPointer)
    return () => removeEventListener('pointerdown', onPointer)
  }, [])
  return (
    <details
      ref={details}
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !details.current?.open) return
        event.preventDefault()
        close(details.current)
        details.current.querySelector('summary')?.focus()
      }}
    >
      <summary
        class={`${props.class ?? 'button small'} ${props.isOn ? 'on' : ''}`}
        aria-label={props.words === undefined ? props.label : undefined}
        title={props.label}
      >
        {props.icon && <Icon name={props.icon} />}
        {props.words}
        {props.words && <Icon name="down" />}
      </summary>
      <div class="menu-items">{props.children}</div>
    </details>
  )
}

function close(details: HTMLDetailsElement | null): void {
  if (details) details.open = false
}
