import { useEffect, useMemo, useRef } from 'preact/hooks'

/** A function that runs `callback` at most once in `ms` milliseconds, and once after the last call. */
export function useThrottled(callback: () => void, ms: number): () => void {
  const latest = useRef(callback)
  latest.current = callback
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return useMemo(() => {
    let last = 0
    return () => {
      if (timer.current !== undefined) return
      const wait = Math.max(0, last + ms - Date.now())
      timer.current = setTimeout(() => {
        timer.current = undefined
        last = Date.now()
        latest.current()
      }, wait)
    }
  }, [ms])
}
