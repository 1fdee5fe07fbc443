import type { JSX } from 'preact'
import type { LogLine } from '../../src/contract/logs.ts'
import { bodyText } from '../format/body-text.ts'
import { dayAndTime } from '../format/time.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icons.tsx'
import { ServiceTag } from '../ui/service-tag.tsx'
import { pathToSpan } from './log-row.tsx'

/** All fields of one log line. */
export function LogDetail({ line, onClose }: { line: LogLine; onClose: () => void }): JSX.Element {
  const trace = pathToSpan(line)
  const fields = Object.entries(line.attributes)
  return (
    <aside class="panel log-panel" aria-label="Log line">
      <header>
        <ServiceTag name={line.service} />
        <span class={`level ${line.level ?? ''}`}>{line.level}</span>
        <span class="grow" />
        <CopyButton text={JSON.stringify(line, null, 2)} label="Copy the line as JSON" />
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
        <p class="quiet">{dayAndTime(line.time)}</p>
      </header>
      <div class="panel-body">
        <pre class="stack">
          {typeof line.body === 'string' ? line.body : JSON.stringify(line.body, null, 2)}
        </pre>
        {trace !== undefined && (
          <a class="button" href={trace} title="Open the trace (t)">
            Open the trace
          </a>
        )}
        {fields.length > 0 && (
          <div class="attributes">
            <dl>
              {fields.map(([key, value]) => (
                <div key={key}>
                  <dt title={key}>{key}</dt>
                  <dd class={typeof value}>{bodyText(value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </div>
    </aside>
  )
}
