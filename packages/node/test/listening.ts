import { once } from 'node:events'
import type { RequestOptions, Server } from 'node:http'
import { request } from 'node:http'
import type { Http2Server } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'

const closing: (() => unknown)[] = []

/** Has a server listen on a free port until `closeAll()`. */
export async function listening(server: Server | Http2Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export function closeAll(): void {
  for (const close of closing.splice(0)) close()
}

/** The status of the answer to one request. */
export async function ask(port: number, options: RequestOptions = {}): Promise<number> {
  const req = request({ host: '127.0.0.1', port, path: '/items/7', ...options })
  req.end()
  const [res] = await once(req, 'response')
  res.resume()
  await once(res, 'end')
  return res.statusCode
}

/** Sends bytes, and reads to the end of the connection. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const socket = await open(port, bytes)
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

/** A connection on which bytes were sent. */
export async function open(port: number, bytes: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  closing.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(bytes)
  return socket
}
