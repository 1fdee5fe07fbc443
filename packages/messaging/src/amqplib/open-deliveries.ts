import type { DeliveryCall, MessageOutcome } from '@callchain/core'
import { overrideMethod } from '../wrapping/traced.ts'
import type { AmqpChannel } from './types.ts'

const MAX_OPEN_DELIVERIES = 1000
const MAX_OPEN_MILLIS = 60_000

/** The deliveries of a channel that nobody has settled yet. */
export interface OpenDeliveries {
  /** Keeps a delivery until it is settled; the function ends it, whatever is said about it later. */
  add(deliveryTag: number, call: DeliveryCall): (outcome: MessageOutcome) => void
}

interface Open {
  readonly call: DeliveryCall
  readonly since: number
  /** How it was settled, where that is a failure. */
  verdict: string | undefined
}

type Settle = (...args: unknown[]) => unknown

/**
 * Follows the acknowledgements of a channel. A handler that gives a promise ends with it; one that does
 * not, with its acknowledgement, or with the channel. What is never settled is let go after a minute,
 * or when a thousand are open, without a timer that would keep the process alive.
 */
export function followAcknowledgements(channel: AmqpChannel): OpenDeliveries {
  const open = new Map<number, Open>()
  const settle = (tag: number, verdict: string | undefined, all: boolean): void => {
    for (const [each, entry] of open) {
      if (each !== tag && !(all && (tag === 0 || each <= tag))) continue
      entry.verdict = verdict
      // In the same turn a handler may still throw, and then that is what happened.
      queueMicrotask(() => endLate(open, each, entry))
    }
  }
  override(channel, 'ack', ([message, all]) => settle(tagOf(message), undefined, all === true))
  override(channel, 'ackAll', () => settle(0, undefined, true))
  override(channel, 'nack', ([message, all]) => settle(tagOf(message), 'nack', all === true))
  override(channel, 'nackAll', () => settle(0, 'nack', true))
  override(channel, 'reject', ([message]) => settle(tagOf(message), 'reject', false))
  channel.on('close', () => closeAll(open))
  return {
    add: (deliveryTag, call) => {
      letGo(open)
      const entry: Open = { call, since: performance.now(), verdict: undefined }
      open.set(deliveryTag, entry)
      return (outcome) => {
        open.delete(deliveryTag)
        const { verdict } = entry
        call.settle(
          verdict === undefined || outcome.error !== undefined ? outcome : failed(verdict),
        )
      }
    },
  }
}

function endLate(open: Map<number, Open>, tag: number, entry: Open): void {
  if (open.get(tag) !== entry || promised.has(entry.call)) return
  open.delete(tag)
  entry.call.settle(entry.verdict === undefined ? {} : failed(entry.verdict))
}

/** Deliveries whose handler has given a promise. */
const promised = new WeakSet<DeliveryCall>()

/** Says that a handler's promise will say when it ends. */
export function awaitHandler(call: DeliveryCall): void {
  promised.add(call)
}

function failed(verdict: string): MessageOutcome {
  return { errorType: verdict }
}

function closeAll(open: Map<number, Open>): void {
  for (const { call } of open.values()) {
    if (!promised.has(call)) call.settle(failed('channel_closed'))
  }
  open.clear()
}

// The oldest first, as they were put in.
function letGo(open: Map<number, Open>): void {
  for (const [tag, { call, since }] of open) {
    const isOld = performance.now() - since > MAX_OPEN_MILLIS
    if (!isOld && open.size < MAX_OPEN_DELIVERIES) return
    open.delete(tag)
    if (!promised.has(call)) call.settle()
  }
}

function tagOf(message: unknown): number {
  const { fields } = (message ?? {}) as { fields?: { deliveryTag?: unknown } }
  return typeof fields?.deliveryTag === 'number' ? fields.deliveryTag : -1
}

function override(channel: AmqpChannel, name: string, before: (args: unknown[]) => void): void {
  const original = Reflect.get(channel, name) as Settle | undefined
  if (typeof original !== 'function') return
  overrideMethod(channel, name, (...args: unknown[]) => {
    const result = original.apply(channel, args)
    before(args)
    return result
  })
}
