import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'

/** Subscribes by graphql-transport-ws, waits for the first event, and leaves. */
export async function subscribeBySocket(url: string, query: string): Promise<unknown> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  await once(socket, 'open')
  const said = messages(socket)
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await said('connection_ack')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  const { payload } = await said('next')
  socket.close()
  await once(socket, 'close')
  return payload
}

interface Message {
  readonly type: string
  readonly payload?: unknown
}

function messages(socket: WebSocket): (type: string) => Promise<Message> {
  return (type) =>
    new Promise((resolve, reject) => {
      const look = (data: unknown): void => {
        const message = JSON.parse(String(data)) as Message
        if (message.type === 'error') reject(new Error(String(data)))
        if (message.type !== type) return
        socket.off('message', look)
        resolve(message)
      }
      socket.on('message', look)
      socket.once('close', () => reject(new Error(`closed before ${type}`)))
    })
}

/** Subscribes by server-sent events, waits for the first event, and leaves. */
export async function subscribeByEvents(url: string, query: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    const data = /event: next\ndata: (.*)\n/.exec(text)?.[1]
    if (data === undefined) continue
    return JSON.parse(data)
  }
  throw new Error(`no event in ${text}`)
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

export async function close(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}
