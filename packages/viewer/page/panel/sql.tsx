import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { CopyButton } from '../app/copy-button.tsx'
import { SqlText } from './sql-text.tsx'

/** A statement, formatted or as it was sent. */
export function Sql({ text, system }: { text: string; system: string }): JSX.Element {
  const [isRaw, setRaw] = useState(false)
  const formatted = useFormatted(text, system)
  const shown = isRaw ? text : (formatted ?? text)
  return (
    <div class="sql">
      <div class="sql-tools">
        <span class="tag">{system}</span>
        <span class="grow" />
        {formatted !== undefined && (
          <span class="segments">
            <button type="button" aria-pressed={!isRaw} onClick={() => setRaw(false)}>
              Formatted
            </button>
            <button type="button" aria-pressed={isRaw} onClick={() => setRaw(true)}>
              Raw
            </button>
          </span>
        )}
        <CopyButton text={shown} label="Copy the statement" />
      </div>
      <pre>
        <code>
          <SqlText text={shown} />
        </code>
      </pre>
    </div>
  )
}

/** The statement formatted; undefined until it is, or when it cannot be: cut off, or not SQL. */
function useFormatted(text: string, system: string): string | undefined {
  const [formatted, setFormatted] = useState<{ of: string; is: string | undefined }>()
  useEffect(() => {
    let isCurrent = true
    void import('./format-sql.ts').then(({ formatSql }) => {
      if (isCurrent) setFormatted({ of: text, is: formatSql(text, system) })
    })
    return () => {
      isCurrent = false
    }
  }, [text, system])
  return formatted?.of === text ? formatted.is : undefined
}
