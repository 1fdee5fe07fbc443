import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import axios from 'axios'
import { fetch as undiciFetch } from 'undici'
import { fetch as undici6Fetch } from 'undici6'
import { traceAxios } from '../src/axios.ts'
import { traceFetch } from '../src/fetch.ts'
import { type Origin, startOrigin } from './origin.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

let origin: Origin
let recorder: Recorder
beforeAll(async () => {
  recorder = createRecorder()
  origin = await startOrigin()
})
afterEach(() => recorder.reset())
afterAll(async () => {
  await origin.close()
  await recorder.shutdown()
})

type Get = (url: string) => Promise<{ body?: unknown; data?: unknown }>

const traced = (given: unknown): Get => traceFetch(given as typeof globalThis.fetch)
const axiosOverFetch = traceAxios(axios.create({ adapter: 'fetch', responseType: 'stream' }))

// Undici cancels the body then, though it is held: its span is neither called off nor read so long.
describe.each<[string, Get]>([
  ['fetch', traced(globalThis.fetch)],
  ['the fetch of undici 6', traced(undici6Fetch)],
  ['the fetch of undici', traced(undiciFetch)],
  ['axios over fetch', (url) => axiosOverFetch.get(url)],
])('the response of %s that is collected while its body is held', (_, get) => {
  it('ends the span with its headers', async () => {
    const bodyOf = async (): Promise<unknown> => {
      const { body, data } = await get(`${origin.url}/big`)
      return body ?? data
    }
    const body = await bodyOf()
    const headersBy = Date.now()
    await wait(100)
    while (recorder.open().length > 0) {
      collectGarbage()
      await wait(1)
    }

    const [span] = recorder.spans()
    const [seconds = 0, nanoseconds = 0] = span?.endTime ?? []
    // Clocks differ by less than the time that has passed since.
    expect(seconds * 1000 + nanoseconds / 1e6).toBeLessThan(headersBy + 50)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(body).toHaveProperty('locked', false)
  })
})

describe.each(['/hang', '/half'])('a call by a Request that is collected, of %s', (path) => {
  it('is called off all the same', async () => {
    const fetch = traceFetch()
    const controller = new AbortController()
    const { signal } = controller
    const text = fetch(new Request(`${origin.url}${path}`, { signal })).then((it) => it.text())
    for (let round = 0; round < 5; round++) {
      await wait(20)
      collectGarbage()
    }
    controller.abort()

    await expect(text).rejects.toThrow('aborted')
    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
  })
})
