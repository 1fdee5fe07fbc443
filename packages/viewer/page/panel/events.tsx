import type { JSX } from 'preact'
import type { Span, SpanEvent } from '../api/types.ts'
import { CopyButton } from '../app/copy-button.tsx'
import { duration } from '../format/duration.ts'
import { bodyText } from '../logs/body-text.ts'

/** What happened while the span ran; an exception with its stack. */
export function Events({ span }: { span: Span }): JSX.Element | null {
  if (!span.events || span.events.length === 0) return null
  return (
    <section>
      <h3>Events</h3>
      {span.events.map((event) => (
        <Event key={`${event.name}${event.offset}`} event={event} />
      ))}
    </section>
  )
}

function Event({ event }: { event: SpanEvent }): JSX.Element {
  const stack = event.attributes['exception.stacktrace']
  const title = event.name === 'exception' ? exceptionTitle(event) : event.name
  const rest = Object.entries(event.attributes).filter(([key]) => !key.startsWith('exception.'))
  return (
    <div class={`event-box ${event.name === 'exception' ? 'bad-box' : ''}`}>
      <p>
        <b>{title}</b> <span class="quiet">+{duration(event.offset)}</span>
      </p>
      {rest.map(([key, value]) => (
        <p key={key} class="event-attribute">
          <span class="quiet">{key}</span> {bodyText(value)}
        </p>
      ))}
      {typeof stack === 'string' && (
        <details open>
          <summary>
            Stack <CopyButton text={stack} label="Copy the stack" />
          </summary>
          <pre class="stack">{stackLines(stack)}</pre>
        </details>
      )}
    </div>
  )
}

function exceptionTitle({ attributes }: SpanEvent): string {
  const words = [attributes['exception.type'], attributes['exception.message']]
  return words.filter((each) => each !== undefined).join(': ')
}

/** Lines of the application stand out from those of its dependencies and of Node. */
function stackLines(stack: string): JSX.Element[] {
  return stack.split('\n').map((line, index) => (
    <span key={index} class={/node_modules|node:internal|\(node:/.test(line) ? 'quiet' : ''}>
      {`${line}\n`}
    </span>
  ))
}
