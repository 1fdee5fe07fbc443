import { apiPath } from '../../src/contract/api-path.ts'
import type { StreamEvents, StreamParameters } from '../../src/contract/stream.ts'
import { keptTrace } from './kept-trace.ts'

/** What to do with each kind of event, and with the connection itself. */
export type Listeners = {
  readonly [Name in keyof StreamEvents]?: (data: StreamEvents[Name]) => void
} & {
  readonly [Name in 'opened' | 'reconnected' | 'up' | 'down']?: () => void
}

const EVENTS: Readonly<Record<keyof StreamEvents, true>> = {
  hello: true,
  traces: true,
  logs: true,
  trace: true,
  stats: true,
  receiver: true,
  cleared: true,
}

/** Listens to the viewer until the returned function is called; reconnects by itself. */
export function openStream(parameters: StreamParameters, listeners: Listeners): () => void {
  // In a file, nothing comes any more.
  if (keptTrace !== undefined) return () => {}
  const source = new EventSource(apiPath('stream', { ...parameters }))
  for (const name of Object.keys(EVENTS) as (keyof StreamEvents)[]) {
    const listen = listeners[name] as ((data: unknown) => void) | undefined
    if (listen !== undefined)
      source.addEventListener(name, (event: MessageEvent<string>) => listen(JSON.parse(event.data)))
  }
  let isFirst = true
  source.addEventListener('open', () => {
    if (isFirst) listeners.opened?.()
    else listeners.reconnected?.()
    isFirst = false
    listeners.up?.()
  })
  source.addEventListener('error', () => listeners.down?.())
  return () => source.close()
}
