import { logFields } from './log-fields.ts'

/**
 * Makes the `mixin` of a pino logger: `pino({ mixin: traceMixin() })`. Every line gets the fields of
 * `logFields()`; a field that the call site sets itself wins. Pino changes the object that a mixin
 * returns, so each line gets one of its own.
 */
export function traceMixin(): () => Record<string, string> {
  return logFields
}
