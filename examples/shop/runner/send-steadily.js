import { setTimeout as wait } from 'node:timers/promises'
import { kinds, sendOrder } from './customers.js'

const [ok, rejected, failed, retried, slow] = kinds
const round = [ok, ok, slow, ok, rejected, ok, failed, ok, retried, ok]
const pauseMs = 1_500

/**
 * Sends one order after the other until it is stopped.
 * @param {string} gateway
 * @param {AbortSignal} signal
 * @param {(message: string) => void} warn told when an order got no answer
 */
export async function sendSteadily(gateway, signal, warn) {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const kind = round[turn % round.length] ?? ok
    await sendOrder(gateway, kind, turn).catch((error) => {
      if (!signal.aborted) warn(`an order got no answer: ${error.cause?.message ?? error.message}`)
    })
    await wait(pauseMs, undefined, { signal }).catch(() => {})
  }
}
