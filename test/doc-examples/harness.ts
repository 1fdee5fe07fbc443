import { deepStrictEqual } from 'node:assert'
import { createRecorder, type Recorder } from '@callchain/testing'

// Compiled with the examples, which import it.

declare global {
  var recorderOfExamples: Recorder | undefined
}

/** Keeps the spans of the examples that this process runs. */
export function recordExamples(): void {
  globalThis.recorderOfExamples = createRecorder()
}

/** Checks the names of all spans that have ended, whatever their order, once there are as many. */
export async function expectSpans(...names: string[]): Promise<void> {
  const recorder = globalThis.recorderOfExamples
  if (recorder === undefined) throw new Error('this example runs without a recorder')
  await recorder.waitFor(names.length)
  await recorder.settled()
  deepStrictEqual(
    recorder
      .take()
      .map(({ name }) => name)
      .sort(),
    [...names].sort(),
  )
}

/** Checks the attributes of the first span that has ended, among others that it has. */
export async function expectAttributes(attributes: Record<string, unknown>): Promise<void> {
  const [span] = (await globalThis.recorderOfExamples?.waitFor(1)) ?? []
  const seen = Object.keys(attributes).map((key) => [key, span?.attributes[key]])
  deepStrictEqual(Object.fromEntries(seen), attributes)
}
