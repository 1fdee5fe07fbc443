import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { type Answer, type Parameters, read } from '../api/client.ts'

/** An answer that stays until the next one has come, and how to ask again. */
export interface Loaded<T> extends Answer<T> {
  readonly isLoading: boolean
  /** Asks again; the answer is dropped when, once it has come, it is not wanted any more. */
  readonly reload: (isWanted?: () => boolean) => void
}

/** Reads a path; again when it or its parameters change. An answer that is overtaken is dropped. */
export function useAnswer<T>(path: string, parameters: Parameters = {}): Loaded<T> {
  const [answer, setAnswer] = useState<Answer<T> & { isLoading: boolean }>({ isLoading: true })
  const turn = useRef(0)
  const key = JSON.stringify(parameters)
  const reload = useCallback(
    (isWanted: () => boolean = () => true) => {
      turn.current += 1
      const mine = turn.current
      void read<T>(path, JSON.parse(key) as Parameters).then((next) => {
        if (mine !== turn.current || !isWanted()) return
        setAnswer((before) => ({
          ...(next.refusal && before.value ? { value: before.value } : {}),
          ...next,
          isLoading: false,
        }))
      })
    },
    [path, key],
  )
  useEffect(() => {
    setAnswer((before) => ({ ...before, isLoading: true }))
    reload()
  }, [reload])
  return { ...answer, reload }
}
