import { afterEach, jest } from '@jest/globals'
import { type StartTracingOptions, startTracing, type Tracing } from '../src/index.ts'

// What a developer has set for their own applications is no matter of the tests.
for (const name of Object.keys(process.env)) if (/^OTEL_/.test(name)) delete process.env[name]

const changed = new Map<string, string | undefined>()
let tracing: Tracing | undefined
let warnings: string[] = []

afterEach(async () => {
  await tracing?.shutdown()
  tracing = undefined
  warnings = []
  for (const [name, value] of changed) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  changed.clear()
  jest.restoreAllMocks()
})

/** Starts tracing with these variables set; both end with the test. */
export function start(
  options: StartTracingOptions = {},
  variables: Record<string, string> = {},
): Tracing {
  for (const [name, value] of Object.entries(variables)) {
    if (!changed.has(name)) changed.set(name, process.env[name])
    process.env[name] = value
  }
  captureWarnings()
  tracing = startTracing(options)
  return tracing
}

/** What has been said on stderr since `start`, one line each. */
export function said(): readonly string[] {
  return warnings
}

function captureWarnings(): void {
  if (jest.isMockFunction(process.stderr.write)) return
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    warnings.push(String(text))
    return true
  })
}
