import type { JSX } from 'preact'
import type { TraceSummary } from '../../src/contract/trace-list.ts'
import { change } from '../navigation/route.ts'
import { hiddenOperations, probesOf, toggleHidden } from './hidden-operations.ts'

interface HideChipsProps {
  readonly query: string
  readonly traces: readonly TraceSummary[]
}

/** A chip for each operation that is hidden, and one for each health check that could be. */
export function HideChips({ query, traces }: HideChipsProps): JSX.Element {
  const hidden = hiddenOperations(query).map(({ name }) => name)
  const probes = probesOf(traces.map(({ root }) => root.name))
  const names = [...hidden, ...probes.filter((name) => !hidden.includes(name))]
  return (
    <>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          class="chip hide"
          aria-pressed={hidden.includes(name)}
          title={hidden.includes(name) ? 'Show it again' : 'Hide it from the list'}
          onClick={() => change({ q: toggleHidden(query, name) }, 'push')}
        >
          <span>Hide {name}</span>
        </button>
      ))}
    </>
  )
}
