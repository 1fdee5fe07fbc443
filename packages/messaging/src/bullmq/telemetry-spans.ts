import type { DeliveryCall, MessageTracer, SendCall } from '@callchain/core'
import { createLateContext } from '../wrapping/late-context.ts'
import { sentJob } from './metadata.ts'
import type { BullContext, BullSpan } from './telemetry-types.ts'
import { deliveryOf } from './worker.ts'

const QUEUE = 'bullmq.queue.name'
const OPERATION = 'bullmq.queue.operation'
const JOB_ID = 'bullmq.job.id'
const COUNT = 'bullmq.job.bulk.count'

// A job of a flow. BullMQ 5 says the job's name in place of the queue's; the span's name has it.
const NODE = 'addNode'

// They send nothing themselves: each job in them has a span of its own, or none is sent.
const WITHOUT_MESSAGES = new Set(['addFlow', 'addBulkFlows', 'retryJobs'])

/** What is not about a message has no span. */
export function silentSpan(): BullSpan {
  return spanWith({ onContext: (context) => context })
}

/** The PRODUCER span of a call that sends; it is there once BullMQ has said what for. */
export function producerSpan(tracer: MessageTracer, name: string): BullSpan {
  let call: SendCall | undefined
  let failure: unknown
  const job = sentJob(undefined)
  return spanWith({
    onContext(given, known) {
      const operation = textIn(known, OPERATION) ?? 'add'
      if (WITHOUT_MESSAGES.has(operation) || !tracer.isActive()) return given
      call = tracer.send({
        system: 'bullmq',
        operation,
        destination: operation === NODE ? name.slice(NODE.length + 1) : textIn(known, QUEUE),
        messages: [job.message],
        batch: operation === 'addBulk',
      })
      const { metadata } = (job.options()?.telemetry ?? {}) as { metadata?: string }
      return { context: call.context, ...(metadata !== undefined && { metadata }) }
    },
    onKnown: (known) => {
      const count = known.get(COUNT)
      if (typeof count === 'number') {
        call?.span.setAttribute('messaging.batch.message_count', count)
      }
    },
    onError: (error) => {
      failure = error
    },
    onEnd: (known) => {
      const messageId = textIn(known, JOB_ID)
      call?.confirm(failure === undefined ? { messageId } : { error: failure })
    },
  })
}

/** The CONSUMER span of a job; it is there once BullMQ has said which one. */
export function consumerSpan(tracer: MessageTracer): BullSpan {
  const context = createLateContext()
  let metadata: string | undefined
  let call: DeliveryCall | undefined
  let hasFailed = false
  const open = (known: Known): void => {
    const id = textIn(known, JOB_ID)
    const job = {
      id,
      queueName: textIn(known, QUEUE) ?? '',
      opts: { telemetry: { metadata } },
      // All that tells a job of a scheduler here.
      ...(id?.startsWith('repeat:') && { repeatJobKey: id }),
    }
    call = tracer.receive(deliveryOf(job))
    context.become(call.context)
  }
  return spanWith({
    onContext(given) {
      metadata = given.metadata
      return { context }
    },
    onKnown: (known) => {
      if (call === undefined && known.has(JOB_ID)) open(known)
    },
    onEvent: (name) => {
      hasFailed ||= name === 'job failed'
    },
    onError: () => {
      hasFailed = true
    },
    onEnd: () => call?.settle(hasFailed ? { errorType: '_OTHER' } : {}),
  })
}

type Known = ReadonlyMap<string, unknown>

interface SpanParts {
  onContext(given: BullContext, known: Known): BullContext
  onKnown?(known: Known): void
  onEvent?(name: string): void
  onError?(error: unknown): void
  onEnd?(known: Known): void
}

function spanWith({ onContext, onKnown, onEvent, onError, onEnd }: SpanParts): BullSpan {
  const known = new Map<string, unknown>()
  return {
    setSpanOnContext: (given) => onContext(given as BullContext, known),
    setAttribute: (name, value) => {
      known.set(name, value)
      onKnown?.(known)
    },
    setAttributes: (attributes) => {
      for (const [name, value] of Object.entries(attributes)) known.set(name, value)
      onKnown?.(known)
    },
    addEvent: (name) => onEvent?.(name),
    recordException: (error) => onError?.(error),
    end: () => onEnd?.(known),
  }
}

function textIn(known: Known, name: string): string | undefined {
  const value = known.get(name)
  return typeof value === 'string' ? value : undefined
}
