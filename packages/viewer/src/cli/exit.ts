/** The signals that ask a process to end. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ends the command with a sentence and this exit code. */
export class ExitError extends Error {
  readonly code: number

  constructor(code: number, message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.code = code
  }
}
