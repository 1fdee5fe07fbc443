import type { Recorder } from '@callchain/testing'

/** Prints a line for the test: what the program says, and the spans that it left. */
export function printSpans(recorder: Recorder, said: object): void {
  const spans = recorder.spans().map((span) => ({
    name: span.name,
    kind: span.kind,
    id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context.spanId),
    isError: span.status.code === 2,
    attributes: span.attributes,
    exceptions: span.events
      .filter(({ name }) => name === 'exception')
      .map(({ attributes }) => attributes?.['exception.message']),
  }))
  process.stdout.write(`${JSON.stringify({ ...said, spans })}\n`)
}
