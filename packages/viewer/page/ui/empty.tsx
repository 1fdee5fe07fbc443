import type { ComponentChildren, JSX } from 'preact'

/** What stands where there is nothing: why, and what to do next. */
export function Empty(props: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      {props.children}
    </div>
  )
}
