import type { ComponentChildren, JSX } from 'preact'

/** Shown where there is nothing: says why, and what to do next. */
export function Empty(props: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      {props.children}
    </div>
  )
}
