/** Marks a client that is traced. */
export const TRACED: unique symbol = Symbol.for('callchain.traced')

/** Whether a client is traced already, by this copy of the package or another. */
export function isTraced(client: object): boolean {
  return (client as { [TRACED]?: unknown })[TRACED] === true
}

/** Remembers that a client is traced. */
export function markTraced<T extends object>(client: T): T {
  return Object.defineProperty(client, TRACED, { value: true })
}
