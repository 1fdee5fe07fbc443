import type { JSX } from 'preact'
import { useAnswer } from '../api/use-answer.ts'
import { LogTable } from '../logs/log-table.tsx'
import { Empty } from '../ui/empty.tsx'

/** The log lines of the trace, oldest first, by the time since its start. */
export function LogsTab({ id, start }: { id: string; start: number }): JSX.Element {
  const { value } = useAnswer('traces/{id}/logs', { id })
  if (!value) return <div />
  if (value.logs.length > 0) return <LogTable logs={value.logs} since={start} />
  return (
    <Empty title="No log lines">
      <p>
        Start your service with <code>npx callchain run -- node app.js</code>, and its JSON log
        lines that carry a <code>trace_id</code> appear here, as do log lines sent over OTLP.
      </p>
    </Empty>
  )
}
