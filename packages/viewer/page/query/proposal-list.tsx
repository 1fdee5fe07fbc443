import type { JSX } from 'preact'
import type { Proposal } from './completion.ts'

interface ProposalListProps {
  readonly proposals: readonly Proposal[]
  readonly active: number
  readonly onAccept: (proposal: Proposal) => void
}

/** The proposals below the query box. */
export function ProposalList(props: ProposalListProps): JSX.Element | null {
  if (props.proposals.length === 0) return null
  return (
    <div id="proposals" class="proposals" role="listbox" aria-label="Completions">
      {props.proposals.map((proposal, index) => (
        <div
          key={proposal.text}
          id={`proposal-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.active}
          onPointerDown={(event) => {
            event.preventDefault()
            props.onAccept(proposal)
          }}
        >
          <span>{proposal.text}</span>
          <small>{proposal.hint}</small>
        </div>
      ))}
    </div>
  )
}
