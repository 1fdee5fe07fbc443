import { useEffect, useState } from 'preact/hooks'
import { dialectOf } from './sql-dialect.ts'

/** A statement that has been formatted: the result. */
interface Formatted {
  readonly of: string
  readonly is: string | undefined
}

/** The statement formatted, once it is wanted and done; undefined before. */
export function useFormatted(
  text: string,
  system: string,
  isWanted: boolean,
): Formatted | undefined {
  const [formatted, setFormatted] = useState<Formatted>()
  const dialect = dialectOf(system)
  useEffect(() => {
    if (!isWanted || !dialect) return
    let isCurrent = true
    void import('./format-sql.ts').then(async ({ formatSql }) => {
      // The page first draws that it is in progress.
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (isCurrent) setFormatted({ of: text, is: formatSql(text, dialect) })
    })
    return () => {
      isCurrent = false
    }
  }, [text, dialect, isWanted])
  return formatted?.of === text ? formatted : undefined
}
