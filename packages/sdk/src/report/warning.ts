import { writeSafely } from './write-safely.ts'

/** Takes one line for the person who runs the application. */
export type Warn = (message: string) => void

const MAX_MESSAGE_LENGTH = 2000

/** Writes one line to stderr, marked as ours; never throws. */
export const warn: Warn = (message) => {
  writeSafely(process.stderr, `callchain: ${toLine(message)}\n`)
}

/** `message` on one line: what others say (OpenSSL, a collector) may have several. */
function toLine(message: string): string {
  return message
    .trim()
    .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
    .replace(/\p{Cc}/gu, '\ufffd')
    .slice(0, MAX_MESSAGE_LENGTH)
}
