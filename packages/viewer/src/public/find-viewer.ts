import { get } from 'node:http'
import { openableHost, urlOf } from '../address/host.ts'
import type { ViewerOptions } from './viewer-options.ts'

/** A viewer that answers, in this process or another. */
export interface RunningViewer {
  /** The address of its page, and the endpoint to send to. */
  readonly url: string
  readonly version: string
  /** The process it runs in. */
  readonly pid: number
  /** Whether it wants a token of its page and of every sender. */
  readonly needsToken: boolean
}

const TIMEOUT_MILLIS = 3000
const MAX_ANSWER = 2000

/**
 * Asks whether a Callchain viewer answers at this host and port, so that a running one can be used instead
 * of a new one. Resolves to undefined when none answers within three seconds. Never rejects.
 *
 * @example
 * ```ts
 * const viewer = (await findViewer()) ?? (await startViewer())
 * ```
 */
export function findViewer(
  options: Pick<ViewerOptions, 'host' | 'port'> = {},
): Promise<RunningViewer | undefined> {
  const { host = '127.0.0.1', port = 4318 } = options
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const request = get(
      { host: openableHost(host), port, path: '/health', timeout: TIMEOUT_MILLIS, agent: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > MAX_ANSWER) request.destroy()
        })
        response.on('end', () => resolve(readHealth(text, urlOf(host, port))))
        response.on('close', () => resolve(undefined))
      },
    )
    const deadline = setTimeout(() => request.destroy(), TIMEOUT_MILLIS)
    request.on('close', () => clearTimeout(deadline))
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}

function readHealth(text: string, url: string): RunningViewer | undefined {
  try {
    const health: unknown = JSON.parse(text)
    if (typeof health !== 'object' || health === null) return undefined
    const { name, version, pid, needsToken } = Object.fromEntries(Object.entries(health))
    if (name !== 'callchain') return undefined
    return { url, version: String(version), pid: Number(pid), needsToken: needsToken === true }
  } catch {
    return undefined
  }
}
