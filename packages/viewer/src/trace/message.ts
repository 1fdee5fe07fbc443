import type { MessageStep } from '../contract/span-words.ts'
import { firstAttribute, textOf } from '../model/attributes.ts'
import { MESSAGE_OPERATION } from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'
import { spanType } from './span-type.ts'

const [PRODUCER, CONSUMER] = [4, 5]

const STEPS: readonly (readonly [MessageStep, RegExp])[] = [
  ['send', /^(?:create|send|publish|produce|enqueue|add)$/i],
  ['receive', /^(?:receive|poll|fetch|pull|get)$/i],
  ['process', /^(?:process|deliver|consume|handle)$/i],
  ['settle', /^(?:settle|n?ack|ackall|nackall|reject|commit|complete|delete|abandon|term)$/i],
]

/** What a span does with messages; undefined when it says nothing of messages, or nothing of what it does. */
export function messageStep(span: SpanRow): MessageStep | undefined {
  if (spanType(span) !== 'messaging') return undefined
  if (span.kind === PRODUCER) return 'send'
  const word = textOf(firstAttribute(span, MESSAGE_OPERATION))
  const step = STEPS.find(([, words]) => words.test(word))?.[0]
  if (span.kind === CONSUMER) return step === 'receive' ? 'receive' : 'process'
  return step
}
