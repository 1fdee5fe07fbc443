import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { ASSUMED_SERVICE, OUTPUT_SCOPE } from '../model/output-line.ts'
import { createLineQueue } from './line-queue.ts'
import { type ReadLine, readLogLine } from './log-record.ts'

/** Sends the JSON log lines of a command to the viewer. */
export interface LogSender {
  /**
   * Passes the stream on as it is, and looks for log lines in it. Resolves at its end, which also comes
   * when its output is no longer read.
   */
  watch(from: Readable, to: Writable): Promise<void>
  /** Sends what is left. Never rejects. @returns how many lines in all came faster than they could be sent */
  flush(): Promise<number>
}

const MAX_LINE = 200_000
const SEND_AFTER_MILLIS = 200

/** Makes a sender of log lines; `service` is the name for those that name none themselves. */
export function createLogSender(
  url: string,
  service: string,
  token: string | undefined,
): LogSender {
  const queue = createLineQueue()
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  const sendAll = async (): Promise<void> => {
    for (let lines = queue.take(); lines.length > 0; lines = queue.take())
      await send(url, token, request(service, lines))
  }
  const start = (): void => {
    clearTimeout(timer)
    timer = undefined
    sending ??= sendAll().finally(() => {
      sending = undefined
    })
  }
  const take = (line: string): void => {
    const read = readLogLine(line.trim(), Date.now())
    if (read === undefined) return
    queue.add(read, line.length)
    if (queue.isLong) start()
    else timer ??= setTimeout(start, SEND_AFTER_MILLIS)
  }
  const flush = async (): Promise<number> => {
    start()
    await sending
    return queue.lost
  }
  return { flush, watch: (from, to) => watchLines(from, to, take) }
}

function watchLines(from: Readable, to: Writable, take: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  from.pipe(to, { end: false })
  // As it would be without us: a program learns that its output is no longer read.
  to.on('error', () => from.destroy())
  from.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = (lines.pop() ?? '').slice(0, MAX_LINE)
    for (const line of lines) take(line)
  })
  return new Promise((resolve) => {
    from.on('close', () => {
      take(rest)
      resolve()
    })
  })
}

/** One resource for each service that the lines name, and one for those that name none. */
function request(ofCommand: string, lines: readonly ReadLine[]): unknown {
  const named = [...new Set(lines.map(({ service }) => service))]
  return {
    resourceLogs: named.map((service) => {
      const stringValue = service || ofCommand
      const assumed = service === '' ? [{ key: ASSUMED_SERVICE, value: { boolValue: true } }] : []
      const logRecords = lines
        .filter((line) => line.service === service)
        .map(({ record }) => record)
      return {
        resource: { attributes: [{ key: 'service.name', value: { stringValue } }] },
        scopeLogs: [{ scope: { name: OUTPUT_SCOPE, attributes: assumed }, logRecords }],
      }
    }),
  }
}

async function send(url: string, token: string | undefined, body: unknown): Promise<void> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  try {
    const response = await fetch(`${url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify(body),
    })
    await response.arrayBuffer()
  } catch {
    // A viewer that is gone must not disturb the command.
  }
}
