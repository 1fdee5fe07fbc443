import { DISPATCHED } from '@callchain/core/internal'

interface Connection {
  [DISPATCHED]?: boolean
}

/** Runs the pool's hand-over of a statement to a connection: that statement has its span already. */
export function dispatchTo(connection: object, dispatch: () => unknown): unknown {
  const marked = connection as Connection
  marked[DISPATCHED] = true
  try {
    return dispatch()
  } finally {
    marked[DISPATCHED] = false
  }
}

/** Whether a connection is being given a statement that has its span already. */
export function isDispatched(connection: object): boolean {
  return (connection as Connection)[DISPATCHED] === true
}
