import { useEffect } from 'preact/hooks'

/** What each key does; letters as typed, else the names that browsers give (`ArrowDown`). */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>

const maps: KeyMap[] = []

/** Hears keys while the component is there; the one that came last is asked first. */
export function useKeys(map: KeyMap): void {
  useEffect(() => {
    maps.push(map)
    return () => {
      maps.splice(maps.indexOf(map), 1)
    }
  }, [map])
}

/** Hears all keys of the page, but for those typed into a field. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    if (activates(event)) return
    const map = maps.findLast((each) => each[event.key] !== undefined)
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
