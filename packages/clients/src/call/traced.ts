import { TRACED_CLIENT } from '@callchain/core/internal'

/** Whether a client is traced already, by this copy of the package or another. */
export function isTraced(client: object): boolean {
  return (client as { [TRACED_CLIENT]?: unknown })[TRACED_CLIENT] === true
}

/** Remembers that a client is traced. */
export function markTraced<T extends object>(client: T): T {
  return Object.defineProperty(client, TRACED_CLIENT, { value: true })
}
