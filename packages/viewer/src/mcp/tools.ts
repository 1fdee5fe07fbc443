import { compareSince } from '../analysis/compare/compare-since.ts'
import { findingOf } from '../analysis/headline/culprit.ts'
import { durationText } from '../analysis/headline/words.ts'
import { listErrors } from '../analysis/list-errors.ts'
import { listLogs } from '../analysis/list-rows.ts'
import { listSlow } from '../analysis/list-slow.ts'
import { listTraces, matchingApart } from '../analysis/list-traces.ts'
import { operationsOf } from '../analysis/operations.ts'
import { spanDetails } from '../analysis/trace-detail.ts'
import { toMarkdown } from '../analysis/write-markdown.ts'
import { addMark, comparisonOf, momentOf } from '../api/compare-routes.ts'
import { findRecord } from '../api/find-record.ts'
import { asHttpError } from '../http/answer.ts'
import { HttpError } from '../http/errors.ts'
import type { ViewerState } from '../ingest/viewer-state.ts'
import { KINDS, STATUSES } from '../model/rows.ts'
import { hasPattern, runBounded } from '../query/bounded.ts'
import { compileQuery } from '../query/compile-query.ts'
import { changesText, comparisonText } from '../text/compare-text.ts'
import { PLAIN_STYLE } from '../text/style.ts'
import { spanOf } from '../trace/trace-record.ts'
import { readArguments, type ToolArguments } from './arguments.ts'
import type { CallTool, ToolAnswer } from './protocol.ts'
import { errorWords, findingWords, logWords, operationWords, whole } from './words.ts'

type Tool = (state: ViewerState, args: ToolArguments) => string

const MAX_QUERY_MILLIS = 2000
const MAX_SPAN_TEXT = 16_000
const MAX_COMPARED_ROWS = 60

const TOOLS: Readonly<Record<string, Tool>> = {
  find_errors: ({ store }, args) => {
    const { errors, matched, more } = listErrors(store, selection(args, 10))
    if (errors.length === 0) return 'No trace has an error.'
    const rest = more > 0 ? ` ${more} kinds are not shown; raise "limit".` : ''
    return whole(`${matched} traces with errors.${rest}`, errors.map(errorWords))
  },
  find_slow: ({ store }, args) => {
    const { traces } = listSlow(store, selection(args, 5))
    if (traces.length === 0) return 'No trace fits.'
    const words = traces.map(({ usual, ...finding }) => {
      const of = usual === undefined ? 'not known' : durationText(usual * 1e6)
      return findingWords(finding, `median of its operation: ${of}`)
    })
    return whole('Most time beyond the median first.', words)
  },
  list_traces: ({ store }, args) => {
    const { query, range, limit } = selection(args, 10)
    const request = { query, range, limit, sort: 'start', ascending: false, cursor: '' } as const
    const { page, all } = listTraces(store, request)
    if (page.length === 0) {
      const apart = matchingApart(store, query, range)
      return apart === undefined
        ? 'No trace fits.'
        : `No trace fits: one span must match all terms. ${apart.matched} fit where different spans may match: ${apart.q}`
    }
    return whole(
      `${all.length} traces fit, the newest first.`,
      page.map((record) => findingWords(findingOf(record, store))),
    )
  },
  get_trace: ({ store }, args) => toMarkdown(findRecord(store, args.required('trace')), store),
  get_span: ({ store }, args) => {
    const record = findRecord(store, args.required('trace'))
    const span = spanOf(record, args.required('span').toLowerCase())
    if (span === undefined) throw new HttpError(404, 'The trace has no such span.')
    const { name, resource, kind, status, message } = span
    const facts = {
      ...{ service: resource.service, name, kind: KINDS[kind], status: STATUSES[status] },
      ...{ statusMessage: message || undefined, duration: durationText(span.duration) },
      ...spanDetails(record, store, span),
    }
    const text = JSON.stringify(facts, null, 1)
    return text.length <= MAX_SPAN_TEXT ? text : `${text.slice(0, MAX_SPAN_TEXT)}\n… cut off`
  },
  list_operations: ({ store }, args) => {
    const { query, range, limit } = selection(args, 30)
    const { operations } = operationsOf(store, query, range)
    if (operations.length === 0) return 'No span fits.'
    return operationWords(operations.slice(0, limit), operations.length)
  },
  compare_traces: (state, args) =>
    comparisonText(
      comparisonOf(state, args.required('trace'), args.text('with')),
      PLAIN_STYLE,
      MAX_COMPARED_ROWS,
    ),
  mark_moment: (state, args) => {
    const { name, time } = addMark(state, args.text('name'))
    return `Marked ${new Date(time).toISOString()} as "${name}".`
  },
  compare_since: (state, args) => {
    const moment = { since: momentOf(state, args.text('since')), from: args.range().from }
    const query = compileQuery(args.text('query'))
    return changesText(compareSince(state.store, query, moment), PLAIN_STYLE)
  },
  search_logs: ({ store }, args) => {
    const id = args.text('trace')
    const trace = id === '' ? '' : findRecord(store, id).id
    const request = { ...selection(args, 30), trace, span: '', cursor: '' }
    const { logs, matched } = listLogs(store, request)
    if (logs.length === 0) return 'No log line fits.'
    return `${matched} lines fit, the newest first.\n\n${logs.map(logWords).join('\n')}`
  },
}

/** Calls the tools on what a viewer has. */
export function toolsOf(state: ViewerState): CallTool {
  return (name, args): ToolAnswer => {
    try {
      const tool = TOOLS[name]
      if (tool === undefined) throw new HttpError(404, `There is no tool "${name}".`)
      const given = readArguments(name, args)
      const query = 'query' in args ? given.text('query') : ''
      const work = (): string => tool(state, given)
      const text = hasPattern(query) ? runBounded(query, MAX_QUERY_MILLIS, work) : work()
      return { text, isError: false }
    } catch (error) {
      return { text: asHttpError(error).message, isError: true }
    }
  }
}

function selection(args: ToolArguments, usual: number) {
  return {
    query: compileQuery(args.text('query')),
    range: args.range(),
    limit: args.limit(usual),
  }
}
