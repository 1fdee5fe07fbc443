import { afterEach, beforeEach } from '@jest/globals'
import { main } from '../../src/cli/main.ts'

/** What a command has said, and how it ended. */
export interface Said {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** Runs commands in this process, with what they write kept. */
export function commandInProcess(): (...args: readonly string[]) => Promise<Said> {
  const { write } = process.stdout
  const { write: writeError } = process.stderr
  let [out, error] = ['', '']
  beforeEach(() => {
    process.stdout.write = ((text: string) => {
      out += text
      return true
    }) as typeof write
    process.stderr.write = ((text: string) => {
      error += text
      return true
    }) as typeof write
  })
  afterEach(() => {
    process.stdout.write = write
    process.stderr.write = writeError
    process.exitCode = undefined
  })
  return async (...args) => {
    ;[out, error] = ['', '']
    process.exitCode = undefined
    await main(args)
    return { code: Number(process.exitCode ?? 0), out, error }
  }
}
