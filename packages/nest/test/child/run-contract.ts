// Runs the server contract on a platform of the Nest that is found from where this was bundled to, with
// spans of the SDK or of the recorder, and prints what did not hold, a line of JSON for each promise.
import { createRecorder, serverContract } from '@callchain/testing'
import { context, metrics, propagation, trace } from '@opentelemetry/api'
import { createNestApp, type PlatformName } from './contract-application.ts'

const platform = process.argv[2] as PlatformName
const provider = process.argv[3] as 'sdk' | 'recorder'
const TIMEOUT_MILLIS = 30_000
const promises: { readonly name: string; readonly check: () => Promise<void> }[] = []

serverContract({
  name: platform,
  createApp: (application) => createNestApp(platform, application),
  setUp: () => createRecorder({ provider }),
  runner: {
    describe: (_title, body) => body(),
    it: (name, check) => promises.push({ name, check }),
  },
})

// A promise that does not hold may leave an error that nobody waits for.
process.on('uncaughtException', () => {})
process.on('unhandledRejection', () => {})

for (const { name, check } of promises) {
  const fault = await faultOf(check)
  process.stdout.write(`${JSON.stringify({ name, fault })}\n`)
  // What one that failed half-way has left registered must not fail the next.
  if (fault !== undefined) for (const api of [trace, context, propagation, metrics]) api.disable()
}
process.exit(0)

async function faultOf(check: () => Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it took too long'), TIMEOUT_MILLIS)
  })
  const checked = check().then(
    () => undefined,
    (error: unknown) => String((error as Error | undefined)?.stack ?? error),
  )
  const fault = await Promise.race([checked, late])
  clearTimeout(timer)
  return fault
}
