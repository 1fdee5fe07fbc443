/** @jest-environment ./packages/clients/test/node-environment.cjs */
import { once } from 'node:events'
import { Agent, type IncomingMessage, request as send } from 'node:http'
import { text } from 'node:stream/consumers'
import { traceAgent } from '@callchain/clients/agent'
import { traceAxios } from '@callchain/clients/axios'
import { traceFetch } from '@callchain/clients/fetch'
import { traceGot } from '@callchain/clients/got'
import { traceKy } from '@callchain/clients/ky'
import { traceUndici } from '@callchain/clients/undici'
import { clientContract } from '@callchain/testing'
import axios from 'axios'
import * as undici7 from 'undici'
import * as undici6 from 'undici6'

// Of Node's realm: Jest cannot load packages that come as ES modules alone.
declare const requireByNode: (name: string) => unknown

type Got = typeof import('got', { with: { 'resolution-mode': 'import' }})['got']
type Ky = typeof import('ky', { with: { 'resolution-mode': 'import' }})['default']

const { got } = requireByNode('got') as { got: Got }
const { default: ky } = requireByNode('ky') as { default: Ky }

clientContract({
  name: 'fetch',
  create: (options) => {
    const fetch = traceFetch(globalThis.fetch, options)
    return async ({ url, timeout, signal, ...init }) => {
      const limit = timeout === undefined ? signal : AbortSignal.timeout(timeout)
      const response = await fetch(url, { ...init, signal: limit ?? null })
      const { status } = response
      return { status, text: () => response.text(), cancel: () => response.body?.cancel() }
    }
  },
})

clientContract({
  name: 'axios',
  create: (options) => {
    const client = traceAxios(axios.create({ validateStatus: null }), options)
    return async ({ body, ...request }) => {
      const { status, data } = await client.request({
        ...request,
        ...(body !== undefined && { data: body }),
        responseType: 'stream',
      })
      return { status, text: () => text(data), cancel: () => data.destroy() }
    }
  },
})

for (const [name, undici] of [
  ['undici 6', undici6 as unknown as typeof undici7],
  ['undici 7', undici7],
] as const) {
  clientContract({
    name,
    create: (options) => {
      const { Agent, interceptors, request } = undici
      const redirect = interceptors.redirect({ maxRedirections: 5 })
      const dispatcher = new Agent().compose(traceUndici(options), redirect)
      return async ({ url, timeout, signal, method, headers, body }) => {
        const limit = timeout === undefined ? signal : AbortSignal.timeout(timeout)
        const response = await request(url, {
          dispatcher,
          method: (method ?? 'GET') as 'GET',
          ...(headers && { headers }),
          ...(body !== undefined && { body }),
          signal: limit ?? null,
        })
        const cancel = (): unknown => response.body.on('error', () => {}).destroy()
        return { status: response.statusCode, text: () => response.body.text(), cancel }
      }
    },
  })
}

clientContract({
  name: 'node:http',
  create: (options) => {
    const agent = traceAgent(new Agent(), options)
    return async ({ url, body, timeout, ...given }) => {
      const sent = send(url, { agent, ...given, ...(timeout !== undefined && { timeout }) })
      sent.on('timeout', () => sent.destroy())
      const answered: unknown[] = await once(sent.end(body), 'response')
      const response = answered[0] as IncomingMessage
      const cancel = (): unknown => response.destroy()
      return { status: response.statusCode ?? 0, text: () => text(response), cancel }
    }
  },
  gaps: {
    'makes a span for each hop of a redirect, and decides for each what goes with it':
      'it follows no redirects',
    'sends each hop of a redirect the id of its own span': 'it follows no redirects',
  },
})

clientContract({
  name: 'got',
  create: (options) => {
    const client = traceGot(got, options)
    return async ({ url, timeout, ...given }) => {
      const stream = client.stream(url, {
        ...given,
        method: (given.method ?? 'GET') as 'GET',
        throwHttpErrors: false,
        retry: { limit: 0 },
        ...(timeout !== undefined && { timeout: { request: timeout } }),
      })
      const [response] = await once(
        stream.on('error', () => {}),
        'response',
      )
      return {
        status: response.statusCode,
        text: () => text(stream),
        cancel: () => stream.destroy(),
      }
    }
  },
})

clientContract({
  name: 'ky',
  create: (options) => {
    const client = traceKy(ky, options)
    return async ({ url, timeout, ...given }) => {
      const response = await client(url, {
        ...given,
        throwHttpErrors: false,
        retry: 0,
        timeout: timeout ?? false,
      })
      const cancel = (): unknown => response.body?.cancel()
      return { status: response.status, text: () => response.text(), cancel }
    }
  },
})
