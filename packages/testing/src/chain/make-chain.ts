import type { KeptSpan, RepeatedStatement } from '@callchain/viewer'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { loadTransformer, loadViewer } from '../lazy/dependencies.cts'
import { type ChainSpan, flatten, growTrees, type OrderOf } from './chain-span.ts'
import { chainText, type Marks } from './chain-text.ts'
import { describeWanted, matches, type WantedSpan } from './wanted-span.ts'

/** What one request, job or function did, as spans that hang together. */
export interface Chain<Result = unknown> {
  /** The id of its trace, in hexadecimal digits. */
  readonly traceId: string
  /** What the function resolved to. */
  readonly result: Result
  /** The spans at the top: what the function called itself. */
  readonly roots: readonly ChainSpan[]
  /** Every span, each before those below it. */
  readonly spans: readonly ChainSpan[]
  /**
   * The one span that is wanted: by its name, a pattern of it, or what it must be like. Throws an Error
   * that draws the chain when there is none, or more than one.
   */
  find(wanted: WantedSpan): ChainSpan
  /** The spans that are wanted, perhaps none. */
  findAll(wanted: WantedSpan): ChainSpan[]
  /**
   * The statements that were run `from` times or more, 3 by default, one after the other, below one
   * parent: one statement for a list, and then one for each of its rows (N+1).
   */
  repeated(from?: number): RepeatedStatement[]
  /** The tree as text, without what changes from run to run: for a snapshot, or to read. */
  toString(): string
}

/** A chain as the checks see it. */
export interface DrawnChain<Result = unknown> extends Chain<Result> {
  /** The tree, with what is to be said of a span at the end of its line. */
  draw(marks?: Marks): string
}

/** What a chain is made of. */
export interface ChainParts<Result> {
  readonly traceId: string
  readonly result: Result
  readonly spans: readonly KeptSpan[]
  readonly orderOf: OrderOf
  readonly repeated: (from: number) => RepeatedStatement[]
}

/** From how many equal statements on a test speaks of repetition; a page for people waits for more. */
const REPEATED_FROM = 3

/** Makes a chain of the spans of its traces. */
export function makeChain<Result>(parts: ChainParts<Result>): Chain<Result> {
  const { traceId, result, orderOf, repeated } = parts
  const roots = growTrees(parts.spans, orderOf)
  const spans = flatten(roots)
  const findAll = (wanted: WantedSpan): ChainSpan[] => spans.filter((span) => matches(span, wanted))
  const draw = (marks?: Marks): string => chainText(roots, orderOf, marks) || '(no span)'
  const chain: DrawnChain<Result> = {
    ...{ traceId, result, roots, spans, findAll, draw },
    find: (wanted) => {
      const [found, ...others] = findAll(wanted)
      if (found !== undefined && others.length === 0) return found
      const count = found === undefined ? 'no span' : `${others.length + 1} spans`
      throw new Error(`the chain has ${count} ${describeWanted(wanted)}:\n\n${draw()}`)
    },
    repeated: (from = REPEATED_FROM) => repeated(from),
    toString: () => draw(),
  }
  return chain
}

/** Makes a chain of spans that a recorder kept, in the order in which they ended. */
export function chainOfRecorded<Result>(
  traceId: string,
  result: Result,
  recorded: readonly ReadableSpan[],
  orderOf: OrderOf,
): Chain<Result> {
  const store = loadViewer().createTraceStore()
  const bytes = loadTransformer().JsonTraceSerializer.serializeRequest([...recorded])
  if (recorded.length > 0) store.add(new TextDecoder().decode(bytes))
  const spans = store.spans()
  const traces = new Set(spans.map(({ trace }) => trace))
  return makeChain({
    ...{ traceId, result, spans, orderOf },
    repeated: (from) => [...traces].flatMap((trace) => store.repeated(trace, from)),
  })
}
