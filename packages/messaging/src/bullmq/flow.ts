import type { MessageTracer } from '@callchain/core'
import { overrideMethod } from '../wrapping/traced.ts'
import { type SentJob, sentJob } from './metadata.ts'
import { sent, withOptions } from './queue.ts'
import { serverOf } from './server.ts'
import type { BullFlow, BullFlowProducer } from './types.ts'

/** Traces what a flow producer adds: one span, carried by every job of the tree. */
export function traceFlow(producer: BullFlowProducer, tracer: MessageTracer): void {
  const { add, addBulk } = producer
  const send = (flows: readonly BullFlow[], run: (flows: BullFlow[]) => Promise<unknown>) => {
    if (producer.opts?.telemetry !== undefined || !tracer.isActive()) return run([...flows])
    const jobs = new Map<BullFlow, SentJob>()
    for (const flow of flows) collect(flow, jobs)
    const call = tracer.send({
      system: 'bullmq',
      operation: 'add',
      destination: commonQueue([...jobs.keys()]),
      ...serverOf(producer),
      messages: [...jobs.values()].map(({ message }) => message),
      batch: true,
    })
    return sent(call, () => run(flows.map((flow) => rebuilt(flow, jobs))))
  }
  overrideMethod(producer, 'add', (flow: BullFlow, opts?: unknown) =>
    send([flow], ([only = flow]) => add.call(producer, only, opts)),
  )
  overrideMethod(producer, 'addBulk', (flows: readonly BullFlow[]) =>
    send(flows, (all) => addBulk.call(producer, all)),
  )
}

function collect(flow: BullFlow, jobs: Map<BullFlow, SentJob>): void {
  jobs.set(flow, sentJob(flow.opts))
  for (const child of flow.children ?? []) collect(child, jobs)
}

function rebuilt(flow: BullFlow, jobs: ReadonlyMap<BullFlow, SentJob>): BullFlow {
  const copy = withOptions(flow, jobs.get(flow))
  if (flow.children === undefined) return copy
  return { ...copy, children: flow.children.map((child) => rebuilt(child, jobs)) }
}

function commonQueue(flows: readonly BullFlow[]): string | undefined {
  const [first, ...others] = new Set(flows.map(({ queueName }) => queueName))
  return others.length === 0 ? first : undefined
}
