import type { Proposal } from './completion.ts'

/** What the keys act on. */
export interface ProposalKeys {
  readonly proposals: readonly Proposal[]
  readonly active: number
  readonly setActive: (index: number) => void
  readonly accept: (proposal: Proposal) => void
  readonly close: () => void
  readonly submit: () => void
}

/** Arrows walk through the proposals, Tab and Enter take one, Enter alone asks the query. */
export function proposalKeys(context: ProposalKeys): (event: KeyboardEvent) => void {
  return (event) => {
    const act = actionOf(event.key, context)
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
}

function actionOf(key: string, context: ProposalKeys): (() => void) | undefined {
  const { proposals, active } = context
  const { length } = proposals
  const chosen = proposals[active]
  const first = proposals[Math.max(0, active)]
  if (key === 'Enter') return chosen ? () => context.accept(chosen) : context.submit
  if (key === 'Tab') return first && (() => context.accept(first))
  if (length === 0) return undefined
  if (key === 'ArrowDown') return () => context.setActive((active + 1) % length)
  if (key === 'ArrowUp') return () => context.setActive(active <= 0 ? length - 1 : active - 1)
  return key === 'Escape' ? context.close : undefined
}
