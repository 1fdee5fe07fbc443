/** A tool as `tools/list` describes it. */
export interface McpTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: {
    readonly type: 'object'
    readonly properties: Readonly<Record<string, object>>
    readonly required?: readonly string[]
    readonly additionalProperties: false
  }
  readonly annotations: { readonly readOnlyHint: boolean; readonly openWorldHint: false }
}

const QUERY = {
  type: 'string',
  description:
    'Only traces with a span that fits all terms, such as: service:orders status:error dur>200ms ' +
    'tenant.id=acme root.name="POST /orders" sql:stock "free text" !name:health',
}
const LAST = { type: 'string', description: 'Only what began in the last 30s, 5m, 2h.' }
const LIMIT = { type: 'integer', minimum: 1, maximum: 100, description: 'At most this many.' }
const TRACE = {
  type: 'string',
  description: 'The id of a trace, its first digits, or "latest".',
}

/** The tools, in the order in which a model should think of them. */
export const MCP_TOOLS: readonly McpTool[] = [
  tool(
    'find_errors',
    'What fails',
    'The kinds of errors: where each began, how often, its newest trace, and the statement that failed.',
    { query: QUERY, last: LAST, limit: LIMIT },
  ),
  tool(
    'find_slow',
    'What is slow',
    'The traces that took the most time beyond the median of their operation: one sentence on why, and the ' +
      'statement to blame. Also finds repeated statements (N+1) and waiting in queues.',
    { query: QUERY, last: LAST, limit: LIMIT },
  ),
  tool(
    'list_traces',
    'Newest traces',
    'The newest traces, each with one sentence on what happened.',
    { query: QUERY, last: LAST, limit: LIMIT },
  ),
  tool(
    'get_trace',
    'One trace',
    'One trace as Markdown: what happened, its calls as a tree with repeated ones folded, statements, errors with ' +
      'stacks, log lines.',
    { trace: TRACE },
    ['trace'],
  ),
  tool(
    'get_span',
    'One span',
    'Everything that one span says: attributes, events, links, status.',
    { trace: TRACE, span: { type: 'string', description: 'The id of the span.' } },
    ['trace', 'span'],
  ),
  tool(
    'list_operations',
    'Figures of operations',
    'Every operation (service, name, kind) with calls, errors, errors that began in it, p50 and p95; most time first.',
    { query: QUERY, last: LAST, limit: LIMIT },
  ),
  tool(
    'search_logs',
    'Log lines',
    'Log lines, the newest first, each with its trace. Terms such as level>=warn and body:refused.',
    { query: QUERY, last: LAST, limit: LIMIT, trace: TRACE },
  ),
  tool(
    'compare_traces',
    'Two traces next to each other',
    'What is new, gone, slower, repeated or failing in a trace, row by row, next to another one or, without "with", ' +
      'next to the median of its operation.',
    { trace: TRACE, with: { type: 'string', description: 'The trace before, as for "trace".' } },
    ['trace'],
  ),
  {
    ...tool(
      'mark_moment',
      'Mark this moment',
      'Marks this moment, before the code is changed and the traffic sent again.',
      { name: { type: 'string', description: 'What to call it.' } },
    ),
    annotations: { readOnlyHint: false, openWorldHint: false },
  },
  tool(
    'compare_since',
    'Before and after',
    'What each operation does other since a marked moment: spans, statements, p50, errors.',
    {
      query: QUERY,
      last: LAST,
      since: { type: 'string', description: 'The name of a mark; without it, the newest one.' },
    },
  ),
]

function tool(
  name: string,
  title: string,
  description: string,
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
): McpTool {
  return {
    ...{ name, title, description },
    inputSchema: {
      ...{ type: 'object', properties, additionalProperties: false },
      ...(required.length > 0 ? { required } : {}),
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }
}
