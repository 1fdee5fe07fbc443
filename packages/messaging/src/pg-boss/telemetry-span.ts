import type { MessageOutcome } from '@callchain/core'
import { type Span, SpanStatusCode } from '@opentelemetry/api'

/**
 * A span as pg-boss ends it: `settle` hears what came of it, and what pg-boss says of a failure is not
 * written down twice. Everything else is the span's own.
 */
export function spanFor(span: Span, settle: (outcome: MessageOutcome) => void): Span {
  let outcome: MessageOutcome = {}
  const own: Span = {
    spanContext: () => span.spanContext(),
    isRecording: () => span.isRecording(),
    setAttribute: (name, value) => {
      if (name === 'messaging.message.id') outcome = { ...outcome, messageId: String(value) }
      else if (name !== 'error.type') span.setAttribute(name, value)
      return own
    },
    setAttributes: (attributes) => {
      span.setAttributes(attributes)
      return own
    },
    addEvent: (...event) => {
      span.addEvent(...event)
      return own
    },
    addLink: (link) => {
      span.addLink(link)
      return own
    },
    addLinks: (links) => {
      span.addLinks(links)
      return own
    },
    updateName: (name) => {
      span.updateName(name)
      return own
    },
    recordException: (error) => {
      outcome = { ...outcome, error }
    },
    setStatus: ({ code }) => {
      // What is not an Error is thrown as well.
      const isOdd = code === SpanStatusCode.ERROR && outcome.error === undefined
      if (isOdd) outcome = { ...outcome, errorType: '_OTHER' }
      return own
    },
    end: () => settle(outcome),
  }
  return own
}
