import type { SentMessage } from '@callchain/core'
import { textOf } from './text.ts'

/**
 * A message whose headers are an object of our own: a copy, so that nothing of the application's is
 * touched. `hasRoom` says whether so many more bytes fit. Default: always.
 */
export function sentIn(
  headers: Record<string, unknown>,
  hasRoom?: (bytes: number) => boolean,
): RecordMessage {
  return new RecordMessage(headers, hasRoom)
}

class RecordMessage implements SentMessage {
  /** Whether a header was set or removed. */
  isChanged = false
  private readonly headers: Record<string, unknown>
  private readonly hasRoom: ((bytes: number) => boolean) | undefined

  constructor(headers: Record<string, unknown>, hasRoom: ((bytes: number) => boolean) | undefined) {
    this.headers = headers
    this.hasRoom = hasRoom
  }

  header(name: string): string | undefined {
    return textOf(this.headers[name])
  }

  setHeader(name: string, value: string): boolean {
    if (this.hasRoom?.(name.length + value.length) === false) return false
    this.isChanged = true
    this.headers[name] = value
    return true
  }

  removeHeader(name: string): void {
    this.isChanged = true
    delete this.headers[name]
  }
}
