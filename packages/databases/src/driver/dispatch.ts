const DISPATCHED = Symbol.for('callchain.dispatched')

interface Connection {
  [DISPATCHED]?: boolean
}

/**
 * Runs what hands a statement of a pool's to one of its connections: that statement has its span
 * already.
 */
export function dispatchTo(connection: object, dispatch: () => unknown): unknown {
  const marked = connection as Connection
  marked[DISPATCHED] = true
  try {
    return dispatch()
  } finally {
    marked[DISPATCHED] = false
  }
}

/** Whether a connection is being handed a statement that has its span. */
export function isDispatched(connection: object): boolean {
  return (connection as Connection)[DISPATCHED] === true
}
