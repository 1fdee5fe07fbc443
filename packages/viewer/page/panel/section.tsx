import type { ComponentChildren, JSX } from 'preact'

/** A part of the panel under its title. */
export function Section(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  )
}
