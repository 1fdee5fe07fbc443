/** @jest-environment ./packages/clients/test/node-environment.cjs */
import { describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import { traceFetch } from '../src/fetch.ts'
import { traceKy } from '../src/ky.ts'
import { type CallOptions, clientPromises, origin, recorder } from './client-promises.ts'

// Of Node's realm, as are the errors that it throws.
declare const requireByNode: (name: string) => unknown

type Ky = typeof import('ky', { with: { 'resolution-mode': 'import' }})['default']

const { default: untraced } = requireByNode('ky') as { default: Ky }
const ky = traceKy(untraced)

clientPromises(
  'ky',
  async (url, options: CallOptions = {}) => {
    const response = await ky(url, { retry: 0, ...options })
    await response.text()
    return response.status
  },
  { reset: ['ECONNRESET', 'UND_ERR_SOCKET'] },
)

describe('ky', () => {
  it('keeps its shortcuts, its defaults and its types', async () => {
    const child = ky.extend({ headers: { 'x-own': '1' } })
    expect(await child.post(`${origin.url}/ok`, { json: {} }).text()).toBe('ok')

    expect(origin.received[0]).toMatchObject({ method: 'POST', headers: { 'x-own': '1' } })
    expect(await recorder.waitFor(1)).toHaveLength(1)
  })

  it('is traced once when it is traced twice', async () => {
    expect(traceKy(ky)).toBe(ky)
    await traceKy(ky.extend({}))(`${origin.url}/ok`).text()
    await traceKy(untraced.create({ fetch: traceFetch() }))(`${origin.url}/ok`).text()

    expect(await recorder.waitFor(2)).toHaveLength(2)
    expect(recorder.open()).toEqual([])
  })

  it('gives each retry its own span', async () => {
    await ky(`${origin.url}/status?code=503`, { retry: { limit: 2, delay: () => 1 } }).catch(
      () => {},
    )

    const spans = await recorder.waitFor(3)
    expect(spans.map((span) => span.attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
      2,
    ])
    expect(new Set(origin.received.map(({ headers }) => headers.traceparent)).size).toBe(3)
  })

  it('calls running out of its own time an error, however busy the process is', async () => {
    for (let count = 0; count < 20; count += 1) {
      keepBusy(count)
      const calling = ky(`${origin.url}/hang`, { timeout: 30, retry: 0 })
      keepBusy(20 - count)
      await expect(calling).rejects.toThrow()
    }

    const spans = await recorder.waitFor(20)
    expect(spans.map((span) => span.attributes['error.type'])).toEqual(
      Array(20).fill('TimeoutError'),
    )
  })

  it('calls running out of its own time an error', async () => {
    await expect(ky(`${origin.url}/hang`, { timeout: 30, retry: 0 })).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(span?.attributes['error.type']).toBe('TimeoutError')
  })

  it('is over the fetch that the instance was made with', async () => {
    const own = traceKy(untraced.create({ fetch: async () => new Response('mocked') }))
    expect(await own('http://api.example.com/').text()).toBe('mocked')

    expect(await recorder.waitFor(1)).toHaveLength(1)
  })
})

// The event loop has not looked at the clock for so many milliseconds.
function keepBusy(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
