import { currentTrace } from '@callchain/core'
import { createRecorder } from '@callchain/testing'
import { afterAll, describe, expect, it } from '@jest/globals'
import { traceUrl } from '../src/index.ts'
import { inRequest, TRACE } from './in-request.ts'

const recorder = createRecorder()
afterAll(() => recorder.shutdown())

describe('traceUrl', () => {
  it('puts the ids of the current trace and span into the template, wherever they stand', () => {
    inRequest('', () => {
      const span = currentTrace()?.spanId
      expect(traceUrl('http://localhost:16686/trace/{traceId}?uiFind={spanId}#{traceId}')).toBe(
        `http://localhost:16686/trace/${TRACE}?uiFind=${span}#${TRACE}`,
      )
    })
  })

  it('is undefined outside a trace', () => {
    expect(traceUrl('http://localhost:16686/trace/{traceId}')).toBeUndefined()
  })

  it('is undefined in a trace that is not sampled, which nobody could look at', () => {
    inRequest('', () => expect(traceUrl('http://x/{traceId}')).toBeUndefined(), { flags: '00' })
  })
})
