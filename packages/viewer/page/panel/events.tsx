import type { JSX } from 'preact'
import type { Span, SpanEvent } from '../../src/contract/trace.ts'
import { bodyText } from '../format/body-text.ts'
import { duration } from '../format/duration.ts'
import { count } from '../format/number.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { EditorSelect } from './editor-select.tsx'
import { Stack } from './stack.tsx'

/** A span with thousands of events must still open. */
const MAX_SHOWN_EVENTS = 100

/** What happened while the span ran; an exception with its stack. */
export function Events({ span }: { span: Span }): JSX.Element | null {
  if (!span.events || span.events.length === 0) return null
  return (
    <section>
      <h3>Events</h3>
      {span.events.slice(0, MAX_SHOWN_EVENTS).map((event, index) => (
        <Event key={index} event={event} />
      ))}
      {span.events.length > MAX_SHOWN_EVENTS && (
        <p class="quiet">
          and {count(span.events.length - MAX_SHOWN_EVENTS)} more, in the JSON of the trace
        </p>
      )}
    </section>
  )
}

function Event({ event }: { event: SpanEvent }): JSX.Element {
  const attributes = event.attributes ?? {}
  const stack = attributes['exception.stacktrace']
  const title = event.name === 'exception' ? exceptionTitle(event) : event.name
  const rest = Object.entries(attributes).filter(([key]) => !key.startsWith('exception.'))
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
          <summary>Stack</summary>
          <div class="stack-tools">
            <EditorSelect />
            <CopyButton text={stack} label="Copy the stack" />
          </div>
          <Stack text={stack} />
        </details>
      )}
    </div>
  )
}

function exceptionTitle({ attributes = {} }: SpanEvent): string {
  const words = [attributes['exception.type'], attributes['exception.message']]
  return words.filter((each) => each !== undefined).join(': ')
}
