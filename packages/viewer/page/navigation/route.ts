import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import { keptTrace } from '../api/kept-trace.ts'
import { entry, note, pushEntry, replaceEntry } from './entry.ts'

/** Where the page is: the path, cut at its slashes, and the parameters. */
export interface Route {
  readonly path: string
  readonly parts: readonly string[]
  readonly search: URLSearchParams
}

/** What to change of the parameters; undefined and '' remove one. */
export type Changes = Record<string, string | number | undefined>

const address = signal(addressNow())
addEventListener('popstate', () => {
  address.value = addressNow()
})

/** In a file the address is that of the file: where the page is stands in the history alone. */
function addressNow(): string {
  if (keptTrace === undefined) return location.pathname + location.search
  return entry().address ?? ownPath()
}

/** The path of the one trace of a file. */
function ownPath(): string {
  return `/traces/${keptTrace?.id ?? ''}`
}

/** Where the page is now. */
export const route: ReadonlySignal<Route> = computed(() => {
  const url = new URL(address.value, 'http://viewer')
  const parts = url.pathname.split('/').filter((part) => part !== '')
  return { path: url.pathname, parts, search: url.searchParams }
})

effect(() => {
  const { parts, search } = route.value
  if (parts.length === 0 || (parts[0] === 'traces' && parts.length === 1))
    note({ list: search.size === 0 ? '/traces' : `/traces?${search}` })
})

/** A parameter of the address. */
export function parameter(name: string): string {
  return route.value.search.get(name) ?? ''
}

/** The address of a path with parameters. */
export function link(path: string, parameters: Changes = {}): string {
  return withChanges(path, new URLSearchParams(), parameters)
}

/** Goes there; the page stays. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === address.peek()) return
  if (keptTrace !== undefined && to.split('?')[0] !== ownPath()) return
  if (how === 'push') pushEntry(to)
  else replaceEntry(to)
  address.value = to
}

/** The list of traces as it was last seen. */
export function listAddress(): string {
  return entry().list
}

/** Goes back to where the page was before, or to the list when it was opened here. */
export function back(): void {
  if (entry().step === 0) go(listAddress())
  else history.back()
}

/** The address of here with other parameters. */
export function hereWith(changes: Changes): string {
  return withChanges(route.value.path, new URLSearchParams(route.value.search), changes)
}

/** Changes parameters of this address without a step in the history. */
export function change(changes: Changes, how: 'push' | 'replace' = 'replace'): void {
  go(hereWith(changes), how)
}

/** Follows plain clicks on links of the page without loading it again. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const anchor = event.target instanceof Element ? event.target.closest('a') : null
  if (!anchor || anchor.origin !== location.origin || anchor.hasAttribute('download')) return
  if (anchor.target === '_blank' || anchor.pathname.startsWith('/api/')) return
  event.preventDefault()
  // In a file, an address begins with the letter of a drive on some systems.
  go(keptTrace ? (anchor.getAttribute('href') ?? '') : anchor.pathname + anchor.search)
}

function withChanges(path: string, search: URLSearchParams, changes: Changes): string {
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === '') search.delete(key)
    else search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}
