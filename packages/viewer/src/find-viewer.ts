import { get } from 'node:http'

/** Another viewer that answers. */
export interface RunningViewer {
  readonly version: string
  readonly pid: number
}

const TIMEOUT_MILLIS = 1000
const MAX_ANSWER = 2000

/** Asks whether a Callchain viewer answers at this address; undefined when none does. Never rejects. */
export function findViewer(host: string, port: number): Promise<RunningViewer | undefined> {
  return new Promise((resolve) => {
    const request = get(
      { host, port, path: '/health', timeout: TIMEOUT_MILLIS, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > MAX_ANSWER) request.destroy()
        })
        response.on('end', () => resolve(readHealth(text)))
        response.on('close', () => resolve(undefined))
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

function readHealth(text: string): RunningViewer | undefined {
  try {
    const health: unknown = JSON.parse(text)
    if (typeof health !== 'object' || health === null) return undefined
    const { name, version, pid } = Object.fromEntries(Object.entries(health))
    if (name !== 'callchain') return undefined
    return { version: String(version), pid: Number(pid) }
  } catch {
    return undefined
  }
}
