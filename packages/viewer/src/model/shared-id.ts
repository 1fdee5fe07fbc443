/**
 * The id that the server's half of a span has here when client and server share its id, as Zipkin's
 * tracers do: the first digit is another one.
 */
export function sharedId(id: string): string {
  return (Number.parseInt(id.charAt(0), 16) ^ 8).toString(16) + id.slice(1)
}

/** True for a span that is the server's half of its parent. */
export function isServerHalf({
  id,
  parent,
}: {
  readonly id: string
  readonly parent: string
}): boolean {
  if (parent === '') return false
  // Nearly all other pairs of ids differ in their last digits already.
  for (let at = 15; at > 11; at--) if (id.charCodeAt(at) !== parent.charCodeAt(at)) return false
  return id === sharedId(parent)
}
