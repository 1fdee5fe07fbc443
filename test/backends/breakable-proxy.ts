import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a backend that can be cut, held up and slowed down. */
export interface BreakableProxy {
  /** The backend's address by way of it. */
  readonly url: string
  /** Ends what is open, as when the backend is killed; nobody listens until `mend`. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** From now on, what comes from the backend is kept back for so many milliseconds; `Infinity`: for good. */
  delay(millis: number): void
  close(): Promise<void>
}

/** A proxy in front of the backend at `target`, with the same path. */
export async function startBreakableProxy(target: string): Promise<BreakableProxy> {
  const { hostname, port, pathname } = new URL(target)
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  let millis = 0
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined)
    return socket
  }
  const answer = (client: Socket, data: Buffer): void => {
    if (millis === Number.POSITIVE_INFINITY) return
    if (millis === 0) return void client.write(data)
    const timer = setTimeout(() => {
      timers.delete(timer)
      client.write(data)
    }, millis)
    timers.add(timer)
  }
  const server = createServer((incoming) => {
    const client = keep(incoming)
    const backend = keep(connect(Number(port), hostname))
    client.on('data', (data) => backend.write(data)).once('close', () => backend.destroy())
    backend.on('data', (data) => answer(client, data)).once('close', () => client.destroy())
  })
  const own = randomInt(15_000, 32_000)
  const mend = async (): Promise<void> => {
    server.listen(own, '127.0.0.1')
    await once(server, 'listening')
  }
  const cut = async (): Promise<void> => {
    const closed = server.listening && once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await mend()
  return {
    url: `http://127.0.0.1:${own}${pathname}`,
    cut,
    mend,
    delay(wanted) {
      millis = wanted
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await cut()
    },
  }
}
