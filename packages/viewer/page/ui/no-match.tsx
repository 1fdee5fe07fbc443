import type { JSX } from 'preact'
import { change } from '../navigation/route.ts'
import { Empty } from './empty.tsx'

/** Shown where nothing matches the query or the range of time, with a way to clear them. */
export function NoMatch({ title, words }: { title: string; words: string }): JSX.Element {
  return (
    <Empty title={title}>
      <button
        type="button"
        class="button"
        onClick={() => change({ q: '', from: '', to: '' }, 'push')}
      >
        {words}
      </button>
    </Empty>
  )
}
