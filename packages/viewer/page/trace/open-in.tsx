import type { JSX } from 'preact'
import { linksTo, type TraceLink } from '../api/trace-links.ts'
import { Menu } from '../ui/menu.tsx'

interface OpenInProps {
  readonly id: string
  readonly class?: string
}

/** Leads to the same trace in other backends; nothing where none is set. */
export function OpenIn({ id, class: className = 'button small' }: OpenInProps): JSX.Element | null {
  const links = linksTo(id)
  const [only, second] = links
  if (!only) return null
  if (!second) return <Leave link={only} class={className} />
  return (
    <Menu label="Open this trace elsewhere" words="Open in" class={className}>
      {links.map((link) => (
        <Leave key={link.name} link={link} class="menu-item" />
      ))}
    </Menu>
  )
}

function Leave({ link, class: className }: { link: TraceLink; class: string }): JSX.Element {
  return (
    <a class={className} href={link.url} target="_blank" rel="noreferrer">
      <span>Open in {link.name}</span>
      <span aria-hidden="true"> ↗</span>
    </a>
  )
}
