import { expect, it, jest } from '@jest/globals'

// What takes time to load, and what single spans do without.
const heavy = [
  '@callchain/viewer',
  '@opentelemetry/otlp-transformer',
  '@opentelemetry/sdk-metrics',
] as const

it('is loaded without what only chains and metrics are made of', async () => {
  for (const name of heavy) {
    jest.doMock(name, () => {
      throw new Error(`${name} was loaded`)
    })
  }
  const { assertSpan, chain, createMetricRecorder, createRecorder } = await import(
    '../src/index.ts'
  )
  const recorder = createRecorder()
  recorder.provider.getTracer('t').startSpan('one').end()
  assertSpan((await recorder.waitFor(1))[0], { name: 'one' })
  // The mocks would be seen.
  await expect(chain(() => 1)).rejects.toThrow('@callchain/viewer was loaded')
  expect(createMetricRecorder).toThrow('@opentelemetry/sdk-metrics was loaded')
  await recorder.shutdown()
})
