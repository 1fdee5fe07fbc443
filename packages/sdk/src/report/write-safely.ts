/** Where lines go; process.stderr fits. */
export interface TextOutput {
  write(text: string, done?: (error?: Error | null) => void): unknown
  listenerCount?(event: string): number
  once?(event: string, listener: () => void): unknown
}

/** Writes `text`; never throws. Nor does a reader that has gone end the application. */
export function writeSafely(output: TextOutput, text: string): void {
  try {
    output.write(text, (error) => {
      // It is emitted next, and an `error` that nobody listens to would end the process.
      if (error && output.listenerCount?.('error') === 0) output.once?.('error', () => {})
    })
  } catch {
    // A stream that is closed already.
  }
}
