import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { AnswerOf, LocalPath, ParametersOf } from '../../src/contract/local-api.ts'
import { type Answer, read } from './client.ts'

/** An answer that stays until the next one has come, and how to ask again. */
export interface Loaded<T> extends Answer<T> {
  readonly isLoading: boolean
  /**
   * Asks again, unless what was asked is not understood: it never will be. The answer is dropped when,
   * once it arrives, it is no longer wanted.
   */
  readonly reload: (isWanted?: () => boolean) => void
}

/** Reads a path; again when it or its parameters change. An answer that is overtaken is dropped. */
export function useAnswer<Path extends LocalPath>(
  path: Path,
  parameters: ParametersOf<Path>,
): Loaded<AnswerOf<Path>> {
  const [answer, setAnswer] = useState<Answer<AnswerOf<Path>> & { isLoading: boolean }>({
    isLoading: true,
  })
  const turn = useRef(0)
  const key = JSON.stringify(parameters)
  const refused = useRef('')
  const reload = useCallback(
    (isWanted: () => boolean = () => true) => {
      if (refused.current === key) return
      turn.current += 1
      const mine = turn.current
      void read(path, JSON.parse(key) as ParametersOf<Path>).then((next) => {
        if (mine !== turn.current || !isWanted()) return
        refused.current = next.refusal?.status === 400 ? key : ''
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
    refused.current = ''
    reload()
  }, [reload])
  return { ...answer, reload }
}
