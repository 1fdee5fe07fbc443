import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that can break. */
export interface BreakableConnection {
  readonly port: number
  /** Breaks every connection that leads over it, and takes no other. */
  break(): void
}

/** Listens on loopback, and passes on to a port whatever it gets. */
export async function breakableConnection(port: number): Promise<BreakableConnection> {
  const sockets = new Set<Socket>()
  const relay = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      // The end of one is the end of the other, whatever the reason.
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return {
    port: (relay.address() as AddressInfo).port,
    break: () => {
      relay.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
