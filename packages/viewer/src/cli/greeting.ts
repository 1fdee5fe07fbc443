import { urlOf } from '../address/host.ts'
import { otherUrls } from '../address/other-urls.ts'
import { isLoopback } from '../http/access.ts'
import { grpcPortOf } from '../public/listen-grpc.ts'
import type { CliOptions } from './options.ts'
import { paint } from './text.ts'

/** Where a viewer listens. */
export interface Place {
  readonly url: string
  readonly port: number
  /** Where OTLP over gRPC is received; undefined where it is not. */
  readonly grpcPort?: number | undefined
}

/** Where a text goes to. */
export type Outlet = Pick<NodeJS.WriteStream, 'isTTY'>

/** What is said of a viewer that has been started: its pages, who can read them, and what its senders need. */
export function greeting(place: Place, options: CliOptions, to: Outlet): string {
  const dim = (text: string): string => paint('dim', text, to)
  const page = paint('bold', pageOf(place.url, shownToken(options, to)), to)
  return [
    `${paint('bold', 'Callchain', to)} shows your traces at ${page}`,
    ...elsewhere(place, options, to),
    ...senders(place, options, to).map(dim),
    ...grpcSenders(place, options).map(dim),
    dim('Press Ctrl-C to stop.'),
  ].join('\n')
}

/** Where other machines open a viewer that they reach, and what that means; nothing for any other. */
export function elsewhere(
  { port }: Pick<Place, 'port'>,
  options: CliOptions,
  to: Outlet,
): string[] {
  const { host } = options
  if (isLoopback(host)) return []
  const pages = otherUrls(host, port).map((url) => pageOf(url, shownToken(options, to)))
  return [
    ...pages.map((page) => `From other machines: ${paint('bold', page, to)}`),
    'Anyone who has the token and can reach this port can read everything; the connection is not encrypted.',
  ]
}

/** The address of the page, with the token in it that it wants; encoded already. */
export function pageOf(url: string, token: string | undefined): string {
  return token === undefined ? url : `${url}/?token=${token}`
}

/** The token as it may be shown: what is not written to a terminal may be kept for others to read. */
export function shownToken({ token }: Pick<CliOptions, 'token'>, to: Outlet): string | undefined {
  if (token === undefined) return undefined
  return to.isTTY ? encodeToken(token) : '<token>'
}

/** A token as it stands in an address or a variable; a shell takes it as it is, too. */
export function encodeToken(token: string): string {
  return encodeURIComponent(token).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
}

function grpcSenders({ port, grpcPort }: Place, options: CliOptions): string[] {
  if (grpcPort !== undefined) {
    const [url = urlOf(options.host, grpcPort)] = otherUrls(options.host, grpcPort)
    return [`OTLP over gRPC goes to ${url}`]
  }
  const isTaken = options.grpcPort === undefined && grpcPortOf({ port }) !== undefined
  return isTaken
    ? [
        `Port ${grpcPortOf({ port })} is in use, so that OTLP over gRPC is not received (--grpc-port).`,
      ]
    : []
}

function senders({ url, port }: Place, options: CliOptions, to: Outlet): string[] {
  const [other = url] = otherUrls(options.host, port)
  const lead = 'Send OTLP over HTTP to the same address:'
  const endpoint = `OTEL_EXPORTER_OTLP_ENDPOINT=${other}`
  const token = shownToken(options, to)
  if (token === undefined) return [`${lead} ${endpoint}`]
  return [lead, `  ${endpoint}`, `  OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${token}`]
}
