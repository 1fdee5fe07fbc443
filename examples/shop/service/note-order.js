import { trace } from '@opentelemetry/api'

/**
 * Writes the order's id on the current span, so that every span of one order can be found by it.
 * @param {string} id
 */
export function noteOrder(id) {
  trace.getActiveSpan()?.setAttribute('order.id', id)
}
