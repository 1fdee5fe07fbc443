import type { ClientRequest } from 'node:http'
import { parseUrl } from '@callchain/core/internal'
import type { HeaderEditing } from '../call/header-editing.ts'

// A request whose headers were given as an array, or that expects `100-continue`, has them written
// out when it reaches its agent, though nothing has been sent: the latter has them queued as well.
interface WrittenRequest {
  _header?: string | null
  outputData?: { data: unknown }[]
}

/** The headers of a request of `node:http` on its way through its agent. */
export function nodeHeaders(request: ClientRequest): HeaderEditing {
  if (request.headersSent) return headersInText(request as WrittenRequest)
  return {
    header: (name) => {
      const value = request.getHeader(name)
      return value === undefined ? undefined : String(value)
    },
    setHeader: (name, value) => void request.setHeader(name, value),
    removeHeader: (name) => request.removeHeader(name),
  }
}

function headersInText(request: WrittenRequest): HeaderEditing {
  const lines = (): string[] => (request._header ?? '').split('\r\n')
  const isNamed = (line: string, name: string): boolean =>
    line.slice(0, name.length + 1).toLowerCase() === `${name.toLowerCase()}:`
  const write = (change: (lines: string[]) => string[]): void => {
    const { _header: before, outputData = [] } = request
    if (typeof before !== 'string') return
    request._header = change(lines()).join('\r\n')
    for (const chunk of outputData) if (chunk.data === before) chunk.data = request._header
  }
  const removeHeader = (name: string): void =>
    write((all) => all.filter((line, index) => index === 0 || !isNamed(line, name)))
  return {
    header: (name) => {
      const values = lines().filter((line, index) => index > 0 && isNamed(line, name))
      if (values.length === 0) return undefined
      return values.map((line) => line.slice(name.length + 1).trim()).join(',')
    },
    removeHeader,
    setHeader: (name, value) => {
      removeHeader(name)
      write(([first = '', ...rest]) => [first, `${name}: ${value}`, ...rest])
    },
  }
}

// Characters that would end the host within a URL. Node looks up a name that has them nevertheless.
const NOT_IN_A_HOST = /[/?#@\\]/g

/** Where Node sends a request, whatever else its options hold. */
export interface NodeTarget {
  readonly protocol: string
  readonly host: string
  readonly path: string
  /** Without one, it is the default port of the protocol. */
  readonly port?: unknown
}

/** The URL of a request as Node sends it. */
export function nodeUrl({ protocol, host, path, port }: NodeTarget): string {
  // A request to a proxy has the whole URL.
  if (!path.startsWith('/') && parseUrl(path) !== undefined) return path
  const safe = safeHost(host)
  const authority = port === undefined || port === null ? safe : `${safe}:${String(port)}`
  return `${protocol}//${authority}${path.startsWith('/') ? '' : '/'}${path}`
}

/** The URL of a request, with the options that its agent was handed. */
export function urlOfRequest(request: NodeTarget, options: unknown): string {
  const { protocol, host, path } = request
  const { port } = (options ?? {}) as { port?: unknown }
  return nodeUrl({ protocol, host, path, port })
}

let last = { host: '', safe: '' }

// Most requests go where the one before went.
function safeHost(host: string): string {
  if (host !== last.host) last = { host, safe: escapeHost(host) }
  return last.safe
}

function escapeHost(host: string): string {
  // The zone of an IPv6 address has no place in a URL.
  const name = host.includes(':') ? `[${host.replace(/^\[|%.*$|\]$/g, '')}]` : host
  return name.replace(NOT_IN_A_HOST, encodeURIComponent)
}
