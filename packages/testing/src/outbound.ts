import { type ClientOptions, createClientTracer } from '@callchain/core'

/**
 * The headers that an outbound call to an internal host would carry from here. The call is made up:
 * only the headers are of interest, and no client stands between them and the promise.
 */
export function outboundHeaders(
  url = 'http://orders.internal/',
  options: ClientOptions = {},
): Record<string, string> {
  const headers: Record<string, string> = {}
  const call = createClientTracer(options).send({
    method: 'GET',
    url,
    header: (name) => headers[name],
    setHeader: (name, value) => {
      headers[name] = value
    },
    removeHeader: (name) => {
      delete headers[name]
    },
  })
  call.receive({ statusCode: 200 })
  return headers
}
