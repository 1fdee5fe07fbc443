import { type Context, ROOT_CONTEXT } from '@opentelemetry/api'

/** A context that is active before it is known which one it is. */
export interface LateContext extends Context {
  /** Says which one it is. */
  become(context: Context): void
}

/**
 * Makes a context that is the empty one until it is told which it is: for libraries that ask for the
 * context of a message before they say which message it is.
 */
export function createLateContext(): LateContext {
  let actual = ROOT_CONTEXT
  return {
    getValue: (key) => actual.getValue(key),
    setValue: (key, value) => actual.setValue(key, value),
    deleteValue: (key) => actual.deleteValue(key),
    become(context) {
      actual = context
    },
  }
}
