import type { JSX } from 'preact'
import { serviceColour } from '../api/service-colour.ts'

/** A service's name next to its colour. */
export function ServiceTag({ name }: { name: string }): JSX.Element {
  return (
    <span class="service">
      <i class="dot" style={{ background: serviceColour(name) }} />
      <span>{name}</span>
    </span>
  )
}
