import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { CopyButton } from '../ui/copy-button.tsx'
import { dialectOf } from './sql-dialect.ts'
import { SqlText } from './sql-text.tsx'
import { useFormatted } from './use-formatted.ts'

/** A longer statement takes a while to format: only when the user asks for it. */
const MAX_FORMATTED_LENGTH = 20_000

interface SqlProps {
  readonly text: string
  readonly system: string
}

/** A statement, formatted or as it was sent. */
export function Sql({ text, system }: SqlProps): JSX.Element {
  const isLong = text.length > MAX_FORMATTED_LENGTH && dialectOf(system) !== undefined
  const [isRaw, setRaw] = useState(isLong)
  const formatted = useFormatted(text, system, !isRaw || !isLong)
  const shown = isRaw ? text : (formatted?.is ?? text)
  const canSwitch = formatted === undefined ? isLong : formatted.is !== undefined
  return (
    <div class="sql">
      <div class="sql-tools">
        <span class="tag">{system}</span>
        <span class="grow" />
        {isLong && !isRaw && formatted?.is === undefined && (
          <small class="quiet" role="status">
            {formatted ? 'It is truncated or cannot be formatted' : 'Formatting …'}
          </small>
        )}
        {canSwitch && (
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
