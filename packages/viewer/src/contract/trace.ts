import type { MessageStep, SpanKind, SpanStatus, SpanType } from './span-words.ts'
import type { TraceSummary } from './trace-list.ts'
import type { Attributes } from './value.ts'

/** An event of a span; a brief answer leaves its attributes out. */
export interface SpanEvent {
  readonly name: string
  readonly offset: number
  readonly attributes?: Attributes | undefined
}

/** What the waterfall shows of a span. Of a large trace, this is all that comes with it. */
export interface SpanRow {
  readonly id: string
  readonly parent?: string | undefined
  readonly depth: number
  readonly descendants: number
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  readonly type: SpanType
  readonly offset: number
  readonly duration: number
  readonly self: number
  readonly critical: number
  readonly status: SpanStatus
  readonly statusMessage?: string | undefined
  /** What its sender has not said of its time. */
  readonly unknown?: readonly ('start' | 'duration')[] | undefined
  readonly orphan?: boolean | undefined
  readonly circular?: boolean | undefined
  readonly remoteParent?: boolean | undefined
  readonly resource: number
  readonly scope: number
  readonly logs?: number | undefined
  readonly events?: readonly SpanEvent[] | undefined
  readonly summary?: string | undefined
  readonly sql?: Statement | undefined
  readonly message?: MessageFacts | undefined
  /** How many links lead from it to other traces, and from those to it. */
  readonly linked?: { readonly to: number; readonly from: number } | undefined
}

/** What a span does with messages. */
export interface MessageFacts {
  readonly step: MessageStep
  readonly system: string
  /** The queue or topic; absent when the span does not say. */
  readonly queue?: string | undefined
  /** How many messages a batch has. */
  readonly count?: number | undefined
  /** How long it had waited when it was handled, in milliseconds; of a batch, the longest. */
  readonly waited?: number | undefined
}

/** The statement that a span ran; a brief answer has its group alone. */
export interface Statement {
  readonly system?: string
  readonly text?: string
  /** Its index among the trace's statements. */
  readonly group?: number
}

/** A link to another span. */
export interface SpanLink {
  readonly trace: string
  readonly span: string
  readonly attributes: Attributes
  readonly known: boolean
  /** The span that it leads to, when it is here. */
  readonly service?: string | undefined
  readonly name?: string | undefined
  /** What its trace is called, when that is here. */
  readonly root?: TraceName | undefined
}

/** What a trace is called: after its first span. */
export interface TraceName {
  readonly service: string
  readonly name: string
}

/** A link from another span to this one. */
export interface IncomingLink {
  readonly trace: string
  readonly span: string
  readonly service: string
  readonly name: string
  readonly attributes: Attributes
  readonly root?: TraceName | undefined
}

/** What only the panel shows of a span. */
export interface SpanDetails {
  readonly attributes: Attributes
  readonly events?: readonly SpanEvent[] | undefined
  readonly links?: readonly SpanLink[] | undefined
  readonly linkedFrom?: readonly IncomingLink[] | undefined
  readonly summary?: string | undefined
  readonly sql?: Statement | undefined
  readonly clipped?: boolean | undefined
  readonly dropped?: DroppedCounts | undefined
}

/** What the sender left out of a span. */
export interface DroppedCounts {
  readonly attributes: number
  readonly events: number
  readonly links: number
}

/** A span of a trace; of a brief answer without its details. */
export interface Span extends SpanRow, Partial<SpanDetails> {}

/** A span of which everything is known. */
export type WholeSpan = SpanRow & SpanDetails

/** Equal statements of a trace. */
export interface StatementGroup {
  readonly system: string
  readonly text: string
  readonly normalised: string
  readonly count: number
  readonly total: number
  readonly max: number
  readonly share: number
  readonly errors: number
  readonly repeated: readonly {
    readonly parent: string
    readonly count: number
    readonly spans: readonly string[]
  }[]
  readonly spans: readonly string[]
}

/** One trace with everything that is shown of it. */
export interface Trace {
  readonly trace: TraceSummary
  readonly resources: readonly { readonly service: string; readonly attributes: Attributes }[]
  readonly scopes: readonly {
    readonly name: string
    readonly version: string
    readonly attributes: Attributes
  }[]
  /** The spans say only what the waterfall shows. */
  readonly brief?: boolean | undefined
  readonly spans: readonly Span[]
  readonly criticalPath: readonly {
    readonly span: string
    readonly from: number
    readonly to: number
  }[]
  readonly statements: readonly StatementGroup[]
  readonly skew: readonly { readonly span: string; readonly by: number }[]
}
