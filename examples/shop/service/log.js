import { traceMixin } from '@callchain/logs/pino'
import { pino } from 'pino'

/**
 * The log of one service: JSON lines on stdout, each with the trace, the tenant and the user of the
 * request it was written for.
 * @param {string} service
 */
export function createLog(service) {
  return pino({
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceMixin(),
  })
}
