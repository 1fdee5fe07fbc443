import { once } from 'node:events'
import http, { Agent, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { SpanStatusCode } from '@opentelemetry/api'
import axios from 'axios'
import * as undici7 from 'undici'
import * as undici6 from 'undici6'
import { traceAgent } from '../src/agent.ts'
import { traceAxios } from '../src/axios.ts'
import { traceUndici } from '../src/undici.ts'
import { origin, recorder } from './client-promises.ts'

describe('A client that gives up waiting in the middle of a body', () => {
  it('has failed, with node:http', async () => {
    const sent = http.get(`${origin.url}/half`, { agent: traceAgent(new Agent()) })
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    sent.setTimeout(50, () => sent.destroy())
    await expect(text(response)).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'error.type': 'ECONNRESET',
    })
  })

  it.each(['/half', '/hang'])('has failed, with axios over a traced agent: %s', async (path) => {
    const client = traceAxios(axios.create({ httpAgent: traceAgent(new Agent()) }))
    await expect(client.get(`${origin.url}${path}`, { timeout: 50 })).rejects.toThrow()

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(span?.attributes['error.type']).toMatch(/^(?:ECONNABORTED|ETIMEDOUT|ERR_BAD_RESPONSE)$/)
  })

  it('has not where the application has given up itself, with axios over a traced agent', async () => {
    const client = traceAxios(axios.create({ httpAgent: traceAgent(new Agent()) }))
    const { token, cancel } = axios.CancelToken.source()
    const before = origin.hanging
    const calling = client.get(`${origin.url}/hang`, { cancelToken: token }).catch(() => {})
    while (origin.hanging === before) await new Promise(setImmediate)
    cancel()
    await calling

    const [span] = await recorder.waitFor(1)
    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(span?.attributes).toMatchObject({ 'callchain.called_off': true })
  })
})

describe.each([
  ['undici 6', undici6 as unknown as typeof undici7],
  ['undici 7', undici7],
])('An answer that %s puts aside to ask again', (_, { Agent, interceptors, request }) => {
  it.each(['within', 'around'])('is the error that its status says, retries %s', async (where) => {
    const both = [interceptors.retry({ maxRetries: 1, minTimeout: 1 }), traceUndici()]
    const dispatcher = new Agent().compose(...(where === 'within' ? both : both.reverse()))
    await request(`${origin.url}/status?code=503`, { dispatcher })
      .then(({ body }) => body.text())
      .catch(() => {})

    const spans = await recorder.waitFor(2)
    expect(spans.map(({ attributes }) => attributes['error.type'])).toEqual(['503', '503'])
  })
})
