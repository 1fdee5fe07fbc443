import type { JSX } from 'preact'
import type { Facet, TracesAnswer } from '../../src/contract/trace-list.ts'
import { duration } from '../format/duration.ts'
import { count, plural } from '../format/number.ts'
import { change } from '../navigation/route.ts'
import {
  askedValue,
  hasTerm,
  quoted,
  replaceTerm,
  splitQuery,
  term,
  toggleTerm,
} from '../query/terms.ts'
import { HideChips } from './hide-chips.tsx'

interface TraceChipsProps {
  readonly query: string
  readonly answer: TracesAnswer | undefined
  readonly held: number
  readonly onShow: () => void
}

/** The filters at hand, with how many traces each would leave; who it is for comes first. */
export function TraceChips({ query, answer, held, onShow }: TraceChipsProps): JSX.Element {
  const facets = answer?.facets
  const asked = splitQuery(query).find((each) => /^trace\.dur>[\d.]+ms$/.test(each))
  const slow = asked ?? `trace.dur>${(facets?.p95 ?? 0).toFixed(1)}ms`
  const over = asked === undefined ? (facets?.p95 ?? 0) : Number.parseFloat(asked.slice(10))
  return (
    <div class="chips">
      <Picker query={query} name="tenant" words="All tenants" values={facets?.tenants} />
      <Picker query={query} name="user" words="All users" values={facets?.users} />
      <Picker query={query} name="service" words="All services" values={facets?.services} />
      <Chip query={query} term="is:error" words="Errors" count={facets?.errors} />
      <Chip
        query={query}
        term={slow}
        words={over > 0 ? `Slow, over ${duration(over)}` : 'Slow'}
        count={asked === undefined ? facets?.slow : answer?.matched}
      />
      <Chip
        query={query}
        term="trace.incomplete=true"
        words="Incomplete"
        count={facets?.incomplete}
      />
      <Chip query={query} term="trace.repeated>10" words="N+1" />
      <HideChips query={query} traces={answer?.traces ?? []} />
      <span class="grow" />
      {held > 0 && (
        <button type="button" class="chip fresh" onClick={onShow}>
          {held > 99 ? '99+' : held} new, show
        </button>
      )}
      <span class="matched" role="status">
        {answer && matchedWords(answer)}
      </span>
    </div>
  )
}

function matchedWords({ matched, total }: TracesAnswer): string {
  return matched === total
    ? plural(total, 'trace')
    : `${count(matched)} of ${plural(total, 'trace')}`
}

interface ChipProps {
  readonly query: string
  readonly term: string
  readonly words: string
  readonly count?: number | undefined
}

function Chip(props: ChipProps): JSX.Element {
  const isOn = hasTerm(props.query, props.term)
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={isOn}
      disabled={props.count === 0 && !isOn}
      onClick={() => change({ q: toggleTerm(props.query, props.term) }, 'push')}
    >
      {props.words}
      {props.count !== undefined && <b>{count(props.count)}</b>}
    </button>
  )
}

interface PickerProps {
  readonly query: string
  readonly name: string
  readonly words: string
  readonly values: readonly Facet[] | undefined
}

function Picker({ query, name, words, values = [] }: PickerProps): JSX.Element {
  const chosen = askedValue(query, name)
  const pick = (event: { currentTarget: HTMLSelectElement }) => {
    const { value } = event.currentTarget
    change({ q: replaceTerm(query, name, value === '' ? '' : term(name, value)) }, 'push')
  }
  const isListed = chosen === '' || values.some(({ value }) => value === chosen)
  return (
    <select
      class={`chip ${chosen === '' ? '' : 'on'}`}
      aria-label={`Filter by ${name}`}
      value={chosen}
      onChange={pick}
    >
      <option value="">{words}</option>
      {!isListed && <option value={chosen}>{quoted(chosen)}</option>}
      {values.map(({ value, count: traces }) => (
        <option key={value} value={value}>
          {`${value} · ${count(traces)}`}
        </option>
      ))}
    </select>
  )
}
