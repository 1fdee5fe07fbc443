import type { EventEmitter } from 'node:events'

/** What ends with its connection. */
export interface WaitingExchange {
  /** Those that wait on the same connection; it takes itself out when it has ended. */
  waiting: Set<WaitingExchange> | undefined
  brokeOff(): void
}

const waitingOn = new WeakMap<object, Set<WaitingExchange>>()

/**
 * Ends an exchange when its connection closes. A response that waits for its turn on a connection
 * (HTTP/1.1 pipelining) is not closed with it on Node 20, and its request may have been closed long
 * before. One listener for each connection, and none for a connection on which nothing waits.
 */
export function endWithConnection(connection: EventEmitter, exchange: WaitingExchange): void {
  let waiting = waitingOn.get(connection)
  if (waiting === undefined) {
    waiting = new Set()
    waitingOn.set(connection, waiting)
    const all = waiting
    connection.once('close', () => {
      for (const each of all) each.brokeOff()
    })
  }
  waiting.add(exchange)
  exchange.waiting = waiting
}
