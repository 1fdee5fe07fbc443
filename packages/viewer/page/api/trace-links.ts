import { type Signal, signal } from '@preact/signals'
import { read } from './client.ts'

/** Another backend that has traces by their ids. */
export interface TraceLink {
  readonly name: string
  readonly url: string
}

const links: Signal<readonly TraceLink[]> = signal([])

/** Asks the viewer once, when the page starts, where else a trace can be opened. */
export async function loadTraceLinks(): Promise<void> {
  const { value } = await read('trace-links', {})
  links.value = (value?.links ?? []).filter(({ url }) => /^https?:\/\//i.test(url))
}

/** The same trace in the other backends; none for what is not the id of a trace. */
export function linksTo(id: string): readonly TraceLink[] {
  if (!/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(id)) return []
  return links.value.map(({ name, url }) => ({ name, url: url.replaceAll('{traceId}', id) }))
}
