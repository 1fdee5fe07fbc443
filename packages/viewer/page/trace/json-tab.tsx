import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { apiPath } from '../../src/contract/api-path.ts'
import { keptTrace } from '../api/kept-trace.ts'
import { useAnswer } from '../api/use-answer.ts'
import { WindowList } from '../lists/window-list.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Loading } from '../ui/loading.tsx'

/** The trace as OTLP JSON, to read, copy and keep. */
export function JsonTab({ id }: { id: string }): JSX.Element {
  const { value } = useAnswer('traces/{id}.json', { id })
  const text = useMemo(() => (value ? JSON.stringify(value, null, 2) : ''), [value])
  const lines = useMemo(() => text.split('\n'), [text])
  return (
    <div class="json">
      <div class="tools">
        <CopyButton text={text} label="Copy the trace as OTLP JSON" words="Copy JSON" />
        {!keptTrace && (
          <a
            class="button small"
            href={apiPath('traces/{id}.json', { id })}
            download={`${id}.json`}
          >
            Download JSON
          </a>
        )}
        {!keptTrace && (
          <a class="button small" href={apiPath(`traces/${id}.md`)} download={`${id}.md`}>
            Download Markdown
          </a>
        )}
      </div>
      {value === undefined ? (
        <Loading words="Loading the whole trace …" />
      ) : (
        <WindowList
          class="code-lines"
          count={lines.length}
          rowHeight={20}
          label="OTLP JSON"
          keyOf={(at) => at}
          render={(at) => <code>{lines[at]}</code>}
        />
      )}
    </div>
  )
}
