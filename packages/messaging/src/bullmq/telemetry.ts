import { createMessageTracer, type MessageOptions } from '@callchain/core'
import { context, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api'
import { markTraced } from '../wrapping/traced.ts'
import { consumerSpan, producerSpan, silentSpan } from './telemetry-spans.ts'
import type { BullContext, BullTelemetry } from './telemetry-types.ts'

/**
 * Makes what the option `telemetry` of BullMQ takes, for frameworks that make queues and workers
 * themselves, such as `@nestjs/bullmq`: the spans, the trace and the identity of `traceBull`, on both
 * sides. BullMQ does not tell it a handler's error, which attempt it is, nor where Redis is: a failed
 * job has `error.type` `_OTHER`. Throws a TypeError for an option that is not allowed.
 *
 * @example
 * ```ts
 * BullModule.forRoot({ connection, telemetry: bullTelemetry() })
 * ```
 */
export function bullTelemetry(options: MessageOptions = {}): BullTelemetry {
  const tracer = createMessageTracer(options)
  const telemetry: BullTelemetry = {
    tracer: {
      startSpan: (name, { kind } = { kind: SpanKind.INTERNAL }) => {
        if (kind === SpanKind.PRODUCER) return producerSpan(tracer, name)
        return kind === SpanKind.CONSUMER ? consumerSpan(tracer) : silentSpan()
      },
    },
    contextManager: {
      active: () => contextWith(context.active()),
      root: () => contextWith(ROOT_CONTEXT),
      with: (given, run) =>
        context.with((given as BullContext).context, run as never) as ReturnType<typeof run>,
      // A retry keeps what the job was sent with: its spans have none.
      getMetadata: (given) => (given as BullContext).metadata ?? '',
      fromMetadata: (active, metadata) => ({ ...(active as BullContext), metadata }),
    },
  }
  markTraced(telemetry)
  return telemetry
}

function contextWith(given: BullContext['context']): BullContext {
  return { context: given }
}
