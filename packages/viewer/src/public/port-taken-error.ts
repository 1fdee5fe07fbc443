import type { RunningViewer } from './find-viewer.ts'

/** The port is taken. */
export class PortTakenError extends Error {
  /** The viewer that has it; undefined when it is another program. */
  readonly running: RunningViewer | undefined

  constructor(message: string, running: RunningViewer | undefined, cause: unknown) {
    super(message, { cause })
    this.running = running
  }
}
