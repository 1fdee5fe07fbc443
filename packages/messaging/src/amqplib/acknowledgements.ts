import { createOpenDeliveries, type OpenDeliveries } from '../delivery/open-deliveries.ts'
import { overrideMethod } from '../wrapping/traced.ts'
import type { AmqpChannel } from './types.ts'

/** What a channel has been told about its messages. */
export interface Acknowledgements {
  readonly open: OpenDeliveries<number>
  /** How a message that was fetched has been settled, where that is a failure. */
  verdict(message: object): string | undefined
}

/** Follows the acknowledgements of a channel. */
export function followAcknowledgements(channel: AmqpChannel): Acknowledgements {
  const open = createOpenDeliveries<number>()
  const verdicts = new WeakMap<object, string>()
  const settle = (message: unknown, verdict: string | undefined, all: boolean): void => {
    const tag = tagOf(message)
    if (all) open.settleAll((each) => each <= tag, verdict)
    else open.settle(tag, verdict)
    if (verdict !== undefined && typeof message === 'object' && message !== null) {
      verdicts.set(message, verdict)
    }
  }
  override(channel, 'ack', ([message, all]) => settle(message, undefined, all === true))
  override(channel, 'ackAll', () => open.settleAll(() => true, undefined))
  override(channel, 'nack', ([message, all]) => settle(message, 'nack', all === true))
  override(channel, 'nackAll', () => open.settleAll(() => true, 'nack'))
  override(channel, 'reject', ([message]) => settle(message, 'reject', false))
  channel.on('close', () => open.closeAll('channel_closed'))
  return { open, verdict: (message) => verdicts.get(message) }
}

function tagOf(message: unknown): number {
  const { fields } = (message ?? {}) as { fields?: { deliveryTag?: unknown } }
  return typeof fields?.deliveryTag === 'number' ? fields.deliveryTag : -1
}

function override(channel: AmqpChannel, name: string, after: (args: unknown[]) => void): void {
  const original: unknown = Reflect.get(channel, name)
  if (typeof original !== 'function') return
  overrideMethod(channel, name, (...args: unknown[]) => {
    const result: unknown = Reflect.apply(original, channel, args)
    after(args)
    return result
  })
}
