import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { logRecord } from './log-record.ts'

/** Sends the JSON log lines of a command to the viewer. */
export interface LogSender {
  /** Passes the stream on as it is, and looks for log lines in it. Resolves at its end. */
  watch(from: Readable, to: Writable): Promise<void>
  /** Sends what is left. Never rejects. */
  flush(): Promise<void>
}

const MAX_LINE = 200_000
const MAX_WAITING = 2000
const SEND_AFTER_MILLIS = 200

/** Makes a sender of the log lines of one service. */
export function createLogSender(
  url: string,
  service: string,
  token: string | undefined,
): LogSender {
  let waiting: Record<string, unknown>[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const records = waiting
    waiting = []
    if (records.length > 0) await send(url, token, request(service, records))
  }
  const take = (line: string): void => {
    const record = logRecord(line.trim(), Date.now())
    if (record === undefined || waiting.length >= MAX_WAITING) return
    waiting.push(record)
    timer ??= setTimeout(() => void flush(), SEND_AFTER_MILLIS)
  }
  return { flush, watch: (from, to) => watchLines(from, to, take) }
}

function watchLines(from: Readable, to: Writable, take: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  from.pipe(to, { end: false })
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

function request(service: string, logRecords: readonly unknown[]): unknown {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }]
  return { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }
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
    // A viewer that is gone is no reason to disturb the command.
  }
}
