import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { traceAgent } from '@callchain/clients/agent'
import { traceAxios } from '@callchain/clients/axios'
import { traceFetch } from '@callchain/clients/fetch'
import { traceGot } from '@callchain/clients/got'
import { traceKy } from '@callchain/clients/ky'
import { traceUndici } from '@callchain/clients/undici'
import type { ClientRequest, CreateClient } from '@callchain/testing'

type AxiosInstance = import('axios').AxiosInstance
type Axios = typeof import('axios').default
type Got = typeof import('got', { with: { 'resolution-mode': 'import' }})['got']
type Ky = typeof import('ky', { with: { 'resolution-mode': 'import' }})['default']
type Undici = typeof import('undici')

// For clients that have no timeout of their own.
const limited = ({ signal, timeout }: ClientRequest): AbortSignal | null =>
  timeout === undefined ? (signal ?? null) : AbortSignal.timeout(timeout)

/** The client of the contract that is a fetch. */
export function fetchClient(given: unknown): CreateClient {
  return (options) => {
    const fetch = traceFetch(given as typeof globalThis.fetch, options)
    return async (request) => {
      const { url, timeout: _, ...init } = request
      const response = await fetch(url, { ...init, signal: limited(request) })
      const { status } = response
      return { status, text: () => response.text(), cancel: () => response.body?.cancel() }
    }
  }
}

/** The client of the contract that is axios, over one of its adapters, or one that is made of it. */
export function axiosClient(
  axios: Axios,
  adapter: 'http' | 'fetch',
  make: (traced: AxiosInstance) => AxiosInstance = (traced) => traced,
): CreateClient {
  return (options) => {
    const client = make(traceAxios(axios.create({ adapter, validateStatus: null }), options))
    return async ({ body, ...request }) => {
      const given = { ...request, ...(body !== undefined && { data: body }) }
      const { status, data } = await client.request({ ...given, responseType: 'stream' })
      const cancel = (): unknown => (adapter === 'http' ? data.destroy() : data?.cancel())
      return { status, text: async () => (data ? text(data) : ''), cancel }
    }
  }
}

/** The client of the contract that is undici, its `redirect()` outside of our interceptor or within. */
export function undiciClient(undici: unknown, order: 'outside' | 'within'): CreateClient {
  const { Agent, interceptors, request } = undici as Undici
  return (options) => {
    const redirect = interceptors.redirect({ maxRedirections: 5 })
    const trace = traceUndici(options)
    const composed = order === 'outside' ? [trace, redirect] : [redirect, trace]
    const dispatcher = new Agent().compose(...composed)
    return async (given) => {
      const { url, timeout: _, method = 'GET', ...rest } = given
      const init = { ...rest, method: method as 'GET', dispatcher, signal: limited(given) }
      const { statusCode, body } = await request(url, init)
      const cancel = (): unknown => body.on('error', () => {}).destroy()
      return { status: statusCode, text: () => body.text(), cancel }
    }
  }
}

/** The client of the contract that is `node:http`, or `node:https` where the URL says so. */
export const nodeClient: CreateClient = (options) => {
  const agent = traceAgent(new http.Agent(), options)
  const secureAgent = traceAgent(new https.Agent(), options)
  return async ({ url, body, timeout, ...given }) => {
    const limit = timeout !== undefined && { timeout }
    const sent = url.startsWith('https:')
      ? https.request(url, { agent: secureAgent, ...given, ...limit })
      : http.request(url, { agent, ...given, ...limit })
    sent.on('timeout', () => sent.destroy())
    const answered: unknown[] = await once(sent.end(body), 'response')
    const response = answered[0] as IncomingMessage
    const cancel = (): unknown => response.destroy()
    return { status: response.statusCode ?? 0, text: () => text(response), cancel }
  }
}

/** The client of the contract that is got, or one that is made of it. */
export function gotClient(
  got: unknown,
  make: (traced: Got) => Got = (traced) => traced,
): CreateClient {
  return (options) => {
    const client = make(traceGot(got as Got, options))
    return async ({ url, timeout, ...given }) => {
      const stream = client.stream(url, {
        ...given,
        method: (given.method ?? 'GET') as 'GET',
        throwHttpErrors: false,
        retry: { limit: 0 },
        ...(timeout !== undefined && { timeout: { request: timeout } }),
      })
      const answered = once(
        stream.on('error', () => {}),
        'response',
      )
      const [{ statusCode }] = (await answered) as [{ statusCode: number }]
      return { status: statusCode, text: () => text(stream), cancel: () => stream.destroy() }
    }
  }
}

/** The client of the contract that is ky, or one that is made of it. */
export function kyClient(ky: unknown, make: (traced: Ky) => Ky = (traced) => traced): CreateClient {
  return (options) => {
    const client = make(traceKy(ky as Ky, options))
    return async ({ url, timeout, ...given }) => {
      const limit = timeout ?? (false as const)
      const init = { ...given, throwHttpErrors: false, retry: 0, timeout: limit }
      const response = await client(url, init)
      const cancel = (): unknown => response.body?.cancel()
      return { status: response.status, text: () => response.text(), cancel }
    }
  }
}
