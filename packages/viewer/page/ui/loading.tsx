import type { JSX } from 'preact'

/** What stands where something large is on its way; it shows only when that takes a while. */
export function Loading({ words }: { words: string }): JSX.Element {
  return (
    <p class="loading" role="status" aria-busy="true">
      {words}
    </p>
  )
}
