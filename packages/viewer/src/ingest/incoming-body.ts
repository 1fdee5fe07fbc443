import type { Readable } from 'node:stream'
import { HttpError } from '../http/errors.ts'

/** A body that is coming in. */
export interface IncomingBody {
  /** Bytes of it that are here. */
  readonly size: number
  /** All of it; rejected with what it was ended for, or with HttpError 400 when its sender has gone. */
  readonly whole: Promise<Buffer>
  /** Stops reading; what is here is forgotten. */
  end(reason: HttpError): void
}

/** What a body that comes in tells, and what it may take. */
export interface IncomingOptions {
  /** Milliseconds without a byte after which it is ended with 408. */
  readonly maxSilence: number
  /** Called with the number of new bytes; a negative number when it has been ended. */
  readonly onBytes: (more: number) => void
}

/** Begins to read the body of a request. The caller resumes the request after it has ended. */
export function receiveBody(
  request: Readable,
  { maxSilence, onBytes }: IncomingOptions,
): IncomingBody {
  const parts: Buffer[] = []
  let size = 0
  let [resolve, reject]: [(body: Buffer) => void, (reason: HttpError) => void] = [ignore, ignore]
  const whole = new Promise<Buffer>((...settle) => {
    ;[resolve, reject] = settle
  })
  const silence = watchSilence(maxSilence, () => end(tooSlow(maxSilence)))
  const onData = (part: Buffer): void => {
    silence.broken()
    parts.push(part)
    size += part.length
    onBytes(part.length)
  }
  const onEnd = (): void => {
    stop()
    resolve(joined(parts))
  }
  const onClose = (): void => end(new HttpError(400, 'The request was aborted.'))
  const stop = (): void => {
    silence.stop()
    request.off('data', onData).off('end', onEnd).off('close', onClose)
  }
  const end = (reason: HttpError): void => {
    stop()
    parts.length = 0
    const gone = size
    size = 0
    onBytes(-gone)
    reject(reason)
  }
  // A sender that disconnects is also an error, followed by 'close'.
  request.on('error', ignore).on('data', onData).on('end', onEnd).on('close', onClose)
  return {
    whole,
    end,
    get size() {
      return size
    },
  }
}

function ignore(): void {}

function joined(parts: readonly Buffer[]): Buffer {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}

function tooSlow(maxSilence: number): HttpError {
  const seconds = Math.round(maxSilence / 100) / 10
  return new HttpError(408, `No more of the body arrived for ${seconds} s.`, {
    connection: 'close',
  })
}

/** Calls back once when it has not been broken for so long. */
function watchSilence(millis: number, onSilence: () => void): { broken(): void; stop(): void } {
  let turns = 0
  let isStopped = false
  const timer = setTimeout(() => {
    const before = turns
    // If this process was busy, what arrived in the meantime is read first.
    setImmediate(() => {
      if (turns === before && !isStopped) onSilence()
    })
  }, millis)
  return {
    broken() {
      turns += 1
      timer.refresh()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
