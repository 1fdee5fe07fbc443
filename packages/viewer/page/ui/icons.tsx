import type { JSX } from 'preact'

const SVG = 'http://www.w3.org/2000/svg'

const paths = {
  back: 'M10 3 5 8l5 5',
  close: 'm4 4 8 8m0-8-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z',
  filter: 'M2 3.5h12L9.5 8.7v4.1l-3-1.3V8.7z',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13',
  pause: 'M5.5 3.5v9m5-9v9',
  play: 'm5 3.5 7 4.5-7 4.5z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zm3.3 7.8 3.4 3.4',
  error: 'M8 1.8 14.8 13.6H1.2zM8 6.2v3.4m0 1.6v.6',
  right: 'm6 3.5 4.5 4.5L6 12.5',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  up: 'm3.5 10 4.5-4.5 4.5 4.5',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8m.9 2.8a2.6 2.6 0 0 0-3.7 0L3.2 9.1a2.6 2.6 0 0 0 3.7 3.7l.8-.8',
  database:
    'M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zm0 0v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2',
  trash: 'M2.5 4h11M6 4V2.5h4V4m2 0-.6 9.5H4.6L4 4',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  sent: 'M9 4.5H2v8h9.500V11M2 4.500l4.500 4 3-2.500M11 6.500h4M13 4.500l2 2-2 2',
  received: 'M7 4.500h7v8H4.500V11M14 4.500l-4.500 4-3-2.500M1 6.500h4M3 4.500l2 2-2 2',
  tenant: 'M2.5 13.5v-11h6v11m0-7h5v7m-12 0h13M5 5h1M5 8h1M5 11h1m5-2h.5m-.5 2.500h.5',
  user: 'M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.500 14c.4-2.800 2.600-4 5.500-4s5.100 1.200 5.500 4',
} as const

/** The names of the drawings. */
export type IconName = keyof typeof paths

/** A small drawing next to words; it says nothing to a screen reader. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** The same as an element, for rows that are filled by hand. */
export function createIcon(name: IconName): SVGSVGElement {
  const icon = document.createElementNS(SVG, 'svg')
  icon.setAttribute('class', 'icon')
  icon.setAttribute('viewBox', '0 0 16 16')
  icon.setAttribute('aria-hidden', 'true')
  icon.append(document.createElementNS(SVG, 'path'))
  setIcon(icon, name)
  return icon
}

/** Draws another icon in the place of this one. */
export function setIcon(icon: SVGSVGElement, name: IconName): void {
  icon.firstElementChild?.setAttribute('d', paths[name])
}
