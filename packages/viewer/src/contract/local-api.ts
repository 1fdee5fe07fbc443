import type { ChangesAnswer, Comparison, Mark } from './comparison.ts'
import type { OperationsAnswer, ServiceMap, SpansAnswer } from './figures.ts'
import type { ErrorsAnswer, SlowAnswer } from './findings.ts'
import type { LogLine, LogsAnswer } from './logs.ts'
import type { ReceiverAnswer, Stats, TraceLink } from './receiver.ts'
import type { SpanDetails, Trace } from './trace.ts'
import type { Scatter, TracesAnswer } from './trace-list.ts'

/** A parameter of the query string; undefined and '' are the same as none. */
type Given<Type> = Type | '' | undefined

/** A number, also as the text that it is in an address. */
type NumberText = number | string

/** What is read of many traces: milliseconds since 1970, or a negative `from` for that long ago. */
export interface RangeParameters {
  readonly q?: Given<string>
  readonly from?: Given<NumberText>
  readonly to?: Given<NumberText>
}

/** What is looked for among many traces. */
export interface SelectionParameters extends RangeParameters {
  readonly limit?: Given<NumberText>
}

/** One page of a list: `cursor` is the `next` of the page before. */
export interface PageParameters extends RangeParameters {
  readonly limit?: Given<NumberText>
  readonly cursor?: Given<string>
}

/** What the list of traces can be sorted by. */
export type SortKey = 'start' | 'duration' | 'spans' | 'errors'

/** What the list of traces is asked for. */
export interface TracesParameters extends PageParameters {
  /** A SortKey; as in the address of the page, which anybody may have written. */
  readonly sort?: Given<string>
  /** `desc` or `asc`. */
  readonly order?: Given<string>
}

/** The id of a trace, in the path. */
export interface TraceParameters {
  readonly id: string
}

/** No parameters. */
export type NoParameters = Readonly<Record<string, never>>

/** A path with what it is asked and what it answers. */
interface Read<Parameters, Answer> {
  readonly parameters: Parameters
  readonly answer: Answer
}

/**
 * What `GET /api/local/…` answers, by path; API.md says it in words. Parameters in braces stand in
 * the path, the others in the query string.
 */
export interface LocalApi {
  readonly traces: Read<TracesParameters, TracesAnswer>
  readonly scatter: Read<RangeParameters & { readonly limit?: Given<NumberText> }, Scatter>
  readonly 'traces/{id}': Read<TraceParameters & { readonly brief?: Given<NumberText> }, Trace>
  readonly 'traces/{id}/spans': Read<
    TraceParameters & { readonly text: string },
    { readonly spans: readonly string[] }
  >
  readonly 'traces/{id}/spans/{span}': Read<
    TraceParameters & { readonly span: string },
    SpanDetails
  >
  readonly 'traces/{id}/map': Read<TraceParameters, ServiceMap>
  readonly 'traces/{id}/logs': Read<TraceParameters, { readonly logs: readonly LogLine[] }>
  /** The trace as OTLP JSON. */
  readonly 'traces/{id}.json': Read<TraceParameters, object>
  readonly operations: Read<RangeParameters, OperationsAnswer>
  /** `with` is another id; without it, the median of the operation. */
  readonly 'traces/{id}/compare': Read<
    TraceParameters & { readonly with?: Given<string> },
    Comparison
  >
  readonly marks: Read<NoParameters, { readonly marks: readonly Mark[] }>
  /** `since` is a time like `from`, or the name of a mark; without it, the newest mark. */
  readonly changes: Read<
    Omit<RangeParameters, 'to'> & { readonly since?: Given<NumberText> },
    ChangesAnswer
  >
  readonly errors: Read<SelectionParameters, ErrorsAnswer>
  readonly slow: Read<SelectionParameters, SlowAnswer>
  readonly map: Read<RangeParameters, ServiceMap>
  readonly spans: Read<PageParameters, SpansAnswer>
  readonly logs: Read<
    PageParameters & { readonly trace?: Given<string>; readonly span?: Given<string> },
    LogsAnswer
  >
  readonly keys: Read<
    { readonly prefix?: Given<string>; readonly limit?: Given<NumberText> },
    { readonly keys: readonly { readonly key: string; readonly spans?: number }[] }
  >
  readonly values: Read<
    {
      readonly key: string
      readonly prefix?: Given<string>
      readonly limit?: Given<NumberText>
    },
    { readonly values: readonly { readonly value: string; readonly spans?: number }[] }
  >
  readonly stats: Read<NoParameters, Stats>
  readonly services: Read<NoParameters, { readonly services: readonly string[] }>
  readonly 'trace-links': Read<NoParameters, { readonly links: readonly TraceLink[] }>
  readonly receiver: Read<NoParameters, ReceiverAnswer>
}

/** A path of the API. */
export type LocalPath = keyof LocalApi
/** What a path answers. */
export type AnswerOf<Path extends LocalPath> = LocalApi[Path]['answer']
/** What a path is asked. */
export type ParametersOf<Path extends LocalPath> = LocalApi[Path]['parameters']
