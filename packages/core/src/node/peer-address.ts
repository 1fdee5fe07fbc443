import type { NodeRequest } from '../http/framework-request.ts'

/**
 * The address of a socket's other end; `undefined` on a Unix socket, which has no addresses at all. A
 * connection that was reset has lost its peer's, and gets an empty one: that must not pass for a Unix
 * socket, which is as near as a caller can be.
 */
export function peerAddress(socket: NodeRequest['socket']): string | undefined {
  const { remoteAddress } = socket
  if (remoteAddress !== undefined) return remoteAddress
  return socket.localAddress === undefined && !socket.destroyed ? undefined : ''
}
