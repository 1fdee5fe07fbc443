import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { Refusal } from '../api/client.ts'
import { useKeys } from '../navigation/keys.ts'
import { Icon } from '../ui/icons.tsx'
import { ProposalList } from './proposal-list.tsx'
import { useProposals } from './use-proposals.ts'

/** What the box starts from and whom it tells. */
export interface QueryBoxProps {
  readonly query: string
  readonly onChange: (query: string) => void
  readonly placeholder: string
  readonly refusal?: Refusal | undefined
}

/** One line for a query, with completion from what has been seen. `/` goes there. */
export function QueryBox(props: QueryBoxProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const proposals = useProposals(props.query, input, props.onChange)
  useKeys(useMemo(() => ({ '/': () => input.current?.focus() }), []))
  const { active } = proposals
  return (
    <div class={`query ${props.refusal ? 'refused' : ''}`}>
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        spellcheck={false}
        autocomplete="off"
        role="combobox"
        aria-label="Query"
        aria-expanded={proposals.list.length > 0}
        aria-controls="proposals"
        aria-activedescendant={active >= 0 ? `proposal-${active}` : undefined}
        placeholder={props.placeholder}
        value={proposals.text}
        onInput={(event) => proposals.write(event.currentTarget.value)}
        onKeyDown={proposals.onKeyDown}
        onBlur={proposals.close}
      />
      <kbd>/</kbd>
      <ProposalList proposals={proposals.list} active={active} onAccept={proposals.accept} />
      {props.refusal && <Fault refusal={props.refusal} query={props.query} />}
    </div>
  )
}

function Fault({ refusal, query }: { refusal: Refusal; query: string }): JSX.Element {
  const { at, length = 1 } = refusal
  return (
    <div class="fault" role="alert">
      <p>{refusal.message}</p>
      {at !== undefined && (
        <code>
          {query.slice(0, at)}
          <mark>{query.slice(at, at + Math.max(1, length)) || ' '}</mark>
          {query.slice(at + Math.max(1, length))}
        </code>
      )}
    </div>
  )
}
