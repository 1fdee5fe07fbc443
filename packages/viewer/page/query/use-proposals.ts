import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Proposal, proposalsAt, stillFitting } from './completion.ts'
import { proposalKeys } from './proposal-keys.ts'

/** The text in the query box, what could complete it, and what keys and pointer do. */
export interface Proposals {
  readonly text: string
  readonly list: readonly Proposal[]
  readonly active: number
  readonly write: (text: string) => void
  readonly accept: (proposal: Proposal) => void
  readonly close: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** Completes the query in `input`; `onChange` hears the query that was asked for. */
export function useProposals(
  query: string,
  input: { readonly current: HTMLInputElement | null },
  onChange: (query: string) => void,
): Proposals {
  const [text, setText] = useState(query)
  const [list, setList] = useState<readonly Proposal[]>([])
  const [active, setActive] = useState(-1)
  const turn = useRef(0)
  // At once: after the next frame it could undo what has been typed meanwhile.
  useLayoutEffect(() => setText(query), [query])
  const close = () => {
    turn.current += 1
    setList([])
    setActive(-1)
  }
  const submit = (asked: string) => {
    close()
    onChange(asked.trim())
  }
  const propose = async (value: string, caret: number) => {
    turn.current += 1
    const mine = turn.current
    // Until the answer is here, Tab must not complete a text that is gone.
    setList(stillFitting(list, value, caret))
    setActive(-1)
    const found = await proposalsAt(value, caret)
    if (mine !== turn.current || document.activeElement !== input.current) return
    setList(found)
    setActive(-1)
  }
  const write = (value: string) => {
    setText(value)
    if (value === '') submit('')
    else void propose(value, input.current?.selectionStart ?? value.length)
  }
  const accept = (proposal: Proposal) => {
    const next = text.slice(0, proposal.from) + proposal.text + text.slice(proposal.to)
    setText(next)
    input.current?.focus()
    if (proposal.text.endsWith(' ')) submit(next)
    else void propose(next, proposal.from + proposal.text.length)
  }
  const keys = { proposals: list, active, setActive, accept, close, submit: () => submit(text) }
  return { text, list, active, write, accept, close, onKeyDown: proposalKeys(keys) }
}
