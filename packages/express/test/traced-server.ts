import { once } from 'node:events'
import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRecorder, type Recorder } from '@callchain/testing'

/** A span that has ended. */
export type EndedSpan = ReturnType<Recorder['spans']>[number]

/** A server on a port of its own, whose spans are kept. */
export interface TracedServer {
  /** Serves the next requests. */
  listener: RequestListener
  /** Sends one request, target as it is, and resolves to its span. */
  send(method: string, target: string): Promise<EndedSpan>
  /** Status and body of the last answer. */
  readonly answer: { status: number; body: string }
  close(): Promise<void>
}

/** Starts a server, and a recorder that is OpenTelemetry's global one until the server is closed. */
export async function startTracedServer(): Promise<TracedServer> {
  const recorder = createRecorder()
  const http: Server = createServer((req, res) => server.listener(req, res))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  const server: TracedServer = {
    listener: (_req, res) => void res.end(),
    answer: { status: 0, body: '' },
    send: async (method, target) => {
      recorder.reset()
      Object.assign(server.answer, await exchange(port, method, target))
      const [span] = await recorder.waitFor(1)
      if (span === undefined) throw new Error('no span')
      return span
    },
    close: async () => {
      http.close()
      await recorder.shutdown()
    },
  }
  return server
}

function exchange(
  port: number,
  method: string,
  path: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, agent: false }, async (res) => {
      let body = ''
      for await (const chunk of res) body += chunk
      resolve({ status: res.statusCode ?? 0, body })
    })
    sent.on('error', reject)
    sent.end()
  })
}
