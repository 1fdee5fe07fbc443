import type { JSX } from 'preact'

/** Shown in place of something large that is being loaded, but only when that takes a while. */
export function Loading({ words }: { words: string }): JSX.Element {
  return (
    <p class="loading" role="status" aria-busy="true">
      {words}
    </p>
  )
}
