import { text } from 'node:stream/consumers'
import { traceAxios } from '@callchain/clients/axios'
import { traceFetch } from '@callchain/clients/fetch'
import { clientContract } from '@callchain/testing'
import axios from 'axios'

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
