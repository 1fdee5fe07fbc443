import { useLayoutEffect, useRef } from 'preact/hooks'

/** What each key does; letters as typed, else the names that browsers give (`ArrowDown`). */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>

const maps: { now: KeyMap }[] = []

/** Hears keys while the component is there; the one that came last is asked first. */
export function useKeys(map: KeyMap): void {
  const mine = useRef({ now: map }).current
  mine.now = map
  useLayoutEffect(() => {
    maps.push(mine)
    return () => {
      maps.splice(maps.indexOf(mine), 1)
    }
  }, [mine])
}

/** Hears all keys of the page, but for those typed into a field. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    if (activates(event) || belongsToSheet(event)) return
    const map = maps.findLast(({ now }) => now[event.key] !== undefined)?.now
    if (!map) return
    event.preventDefault()
    map[event.key]?.(event)
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select')
}

/** Enter on a focused link or button is the link's own. */
function activates(event: KeyboardEvent): boolean {
  const isOwn = event.key === 'Enter' || event.key === ' '
  return isOwn && event.target instanceof HTMLElement && event.target.matches('a, button, summary')
}

/** While the sheet of keys is open, they close it and do nothing else. */
function belongsToSheet(event: KeyboardEvent): boolean {
  return event.key !== '?' && document.querySelector('dialog[open]') !== null
}
