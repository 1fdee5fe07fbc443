import type { JSX } from 'preact'
import type { ReceiverAnswer } from '../../src/contract/receiver.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useStream } from '../api/use-stream.ts'
import { useThrottled } from '../api/use-throttled.ts'
import { count } from '../format/number.ts'
import { ago, timeOfDay } from '../format/time.ts'
import { useScrollKeys } from '../navigation/scroll-keys.ts'
import { ServiceTag } from '../ui/service-tag.tsx'
import { Connect } from './connect.tsx'
import { ExportTable } from './export-table.tsx'
import { Kept } from './kept.tsx'

/** Hints about a state, not about an event. */
const ofNow = new Set(['orphans', 'metrics-only', 'nothing-yet'])

/** What arrives, what is kept, and why something does not show. */
export function ReceiverScreen(): JSX.Element {
  const { value, refusal, reload } = useAnswer('receiver', {})
  const refresh = useThrottled(reload, 1000)
  const box = useScrollKeys<HTMLElement>()
  useStream(
    { topics: 'receiver,stats' },
    { receiver: refresh, cleared: refresh, opened: refresh, reconnected: refresh },
  )
  return (
    <main class="screen receiver" ref={box}>
      <h1>Receiver</h1>
      {refusal && <p class="note">{refusal.message}</p>}
      {value && (
        <>
          <Hints answer={value} />
          <Connect answer={value} />
          <Services answer={value} />
          <ExportTable exports={value.exports} />
          <Kept stats={value.stats} />
          <p class="quiet">
            callchain {value.version}, process {value.pid}, since {timeOfDay(value.started)}
          </p>
        </>
      )}
    </main>
  )
}

/** They name the viewer by the address under which this page reached it, from any machine. */
function Hints({ answer }: { answer: ReceiverAnswer }): JSX.Element | null {
  if (answer.hints.length === 0) return null
  return (
    <section class="hints" aria-label="Hints">
      {answer.hints.map((hint) => (
        <p key={`${hint.code}${hint.time}`} class="note">
          {hint.message.replaceAll(answer.endpoint, location.origin)}{' '}
          {!ofNow.has(hint.code) && (
            <span class="quiet">
              {ago(hint.time)}
              {hint.from !== undefined && `, from ${hint.from}`}
            </span>
          )}
        </p>
      ))}
    </section>
  )
}

function Services({ answer }: { answer: ReceiverAnswer }): JSX.Element | null {
  if (answer.services.length === 0) return null
  return (
    <section>
      <h2>Services seen</h2>
      <table>
        <thead>
          <tr>
            <th>Service</th>
            <th>SDK</th>
            <th class="right">Spans</th>
            <th class="right">Log lines</th>
            <th class="right">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {answer.services.map((service) => (
            <tr key={service.name}>
              <td>
                <ServiceTag name={service.name} />
                {service.unnamed && <span class="tag warn"> set OTEL_SERVICE_NAME</span>}
              </td>
              <td class="quiet">{service.sdk}</td>
              <td class="right">{count(service.spans)}</td>
              <td class="right">{count(service.logs)}</td>
              <td class="right">{ago(service.lastSeen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
