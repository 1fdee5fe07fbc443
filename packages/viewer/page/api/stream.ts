import { apiPath, type Parameters } from './client.ts'

/** What to do with each kind of event; the data is parsed. */
export type Listeners = Record<string, (data: unknown) => void>

/** Listens to the viewer until the returned function is called; reconnects by itself. */
export function openStream(parameters: Parameters, listeners: Listeners): () => void {
  const source = new EventSource(apiPath('stream', parameters))
  for (const [name, listen] of Object.entries(listeners))
    source.addEventListener(name, (event: MessageEvent<string>) => listen(JSON.parse(event.data)))
  let isFirst = true
  source.addEventListener('open', () => {
    if (isFirst) listeners.opened?.(undefined)
    else listeners.reconnected?.(undefined)
    isFirst = false
    listeners.up?.(undefined)
  })
  source.addEventListener('error', () => listeners.down?.(undefined))
  return () => source.close()
}
