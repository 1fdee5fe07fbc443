import { KEPT_TRACE_ELEMENT, type KeptTrace } from '../../src/contract/kept-trace.ts'
import type { LocalPath } from '../../src/contract/local-api.ts'

/** The trace that is in the file with the page; undefined where a viewer serves it. */
export const keptTrace: KeptTrace | undefined = readElement()

function readElement(): KeptTrace | undefined {
  const text = document.getElementById(KEPT_TRACE_ELEMENT)?.textContent ?? ''
  return text === '' ? undefined : (JSON.parse(text) as KeptTrace)
}

/** What the file says in place of a viewer; undefined where it knows nothing. */
export function keptAnswer(
  { trace, logs, map, otlp, services }: KeptTrace,
  path: LocalPath,
  parameters: Readonly<Record<string, unknown>>,
): unknown {
  if (path === 'traces/{id}') return trace
  if (path === 'traces/{id}/logs') return logs
  if (path === 'traces/{id}/map') return map
  if (path === 'traces/{id}.json') return otlp
  if (path === 'services') return { services }
  if (path === 'trace-links') return { links: [] }
  if (path !== 'logs') return undefined
  const lines = logs.logs.filter(({ span }) => span === parameters.span)
  return { logs: lines.reverse(), next: null, matched: lines.length, total: logs.logs.length }
}
