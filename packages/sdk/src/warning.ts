/** Takes one line for the person who runs the application. */
export type Warn = (message: string) => void

/** Writes one line to stderr, marked as ours; never throws. */
export const warn: Warn = (message) => {
  try {
    process.stderr.write(`callchain: ${message}\n`)
  } catch {
    // A closed stderr must not harm the application.
  }
}
