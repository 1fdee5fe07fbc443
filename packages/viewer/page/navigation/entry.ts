import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { keptTrace } from '../api/kept-trace.ts'

/** What an entry of the browser's history knows of itself, also after the page was reloaded. */
export interface Entry {
  /** How many entries of this page come before it. */
  readonly step: number
  /** The address of the list of traces as it was last seen. */
  readonly list: string
  /** Where each list was left. */
  readonly places: Readonly<Record<string, Place>>
  /** Where the page is, when it is in a file: the browser's address is that of the file. */
  readonly address?: string | undefined
}

/** Where a list was left: how far it was scrolled, and at which row. */
export interface Place {
  readonly top?: number
  readonly row?: string
}

/** Browsers refuse an entry that is written too often. */
const WRITE_AFTER_MILLIS = 200

const returned: Signal<number> = signal(0)
let now = stored()
let hasGone = false
let timer: ReturnType<typeof setTimeout> | undefined

addEventListener('popstate', () => {
  clearTimeout(timer)
  hasGone = true
  now = stored()
  returned.value += 1
})
addEventListener('pagehide', write)

/** How often the page has gone back or forth in the history. */
export const returns: ReadonlySignal<number> = returned

/** The entry that the page is at. */
export function entry(): Entry {
  return now
}

/** Whether the page has gone anywhere since it was loaded. */
export function hasMoved(): boolean {
  return hasGone
}

/** Notes something about this entry, for when the page comes back to it. */
export function note(more: Partial<Entry>): void {
  now = { ...now, ...more }
  clearTimeout(timer)
  timer = setTimeout(write, WRITE_AFTER_MILLIS)
}

/** Notes where a list is left. */
export function notePlace(list: string, more: Place): void {
  note({ places: { ...now.places, [list]: { ...now.places[list], ...more } } })
}

/** Makes an entry after this one. */
export function pushEntry(address: string): void {
  write()
  hasGone = true
  now = { step: now.step + 1, list: now.list, places: {}, ...keptAddress(address) }
  history.pushState(now, '', inBrowser(address))
}

/** Gives this entry another address. */
export function replaceEntry(address: string): void {
  clearTimeout(timer)
  now = { ...now, ...keptAddress(address) }
  history.replaceState(now, '', inBrowser(address))
}

function keptAddress(address: string): { readonly address?: string } {
  return keptTrace === undefined ? {} : { address }
}

function inBrowser(address: string): string | undefined {
  return keptTrace === undefined ? address : undefined
}

function write(): void {
  clearTimeout(timer)
  history.replaceState(now, '')
}

function stored(): Entry {
  const {
    step = 0,
    list = '/traces',
    places = {},
    address,
  } = (history.state ?? {}) as Partial<Entry>
  return { step, list, places, ...(address === undefined ? {} : { address }) }
}
