import type { SentMessage } from '@callchain/core'
import { textOf } from './text.ts'

/**
 * A message whose headers are an object of our own: a copy, so that nothing of the application's is
 * touched. `hasRoom` says whether so many more bytes fit. Default: always.
 */
export function sentIn(
  headers: Record<string, unknown>,
  hasRoom: (bytes: number) => boolean = () => true,
): SentMessage {
  return {
    header: (name) => textOf(headers[name]),
    setHeader: (name, value) => {
      if (!hasRoom(name.length + value.length)) return false
      headers[name] = value
      return true
    },
    removeHeader: (name) => {
      delete headers[name]
    },
  }
}
