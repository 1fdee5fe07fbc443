import { firstAttribute, textOf } from '../model/attributes.ts'
import { PEER, PEER_PORT, URL_KEYS } from '../model/conventions.ts'
import type { SpanRow } from '../model/rows.ts'

/** Where something that is called listens: a host with its port, '' when not known, or the path of a socket. */
export interface RemotePlace {
  readonly host: string
  readonly port: string
}

/** The ports that the conventions let a client leave out, by the system. */
const USUAL_PORTS: readonly (readonly [system: RegExp, ports: readonly string[]])[] = [
  [/^https?$/, ['80', '443']],
  [/^postgres/, ['5432']],
  [/^(?:mysql|mariadb)/, ['3306']],
  [/^(?:redis|valkey)/, ['6379']],
  [/^mongodb/, ['27017']],
  [/^(?:microsoft\.sql_server|mssql)/, ['1433']],
  [/^oracle/, ['1521']],
  [/^cassandra/, ['9042']],
  [/^elasticsearch|^opensearch/, ['9200']],
  [/^cockroachdb/, ['26257']],
  [/^clickhouse/, ['8123']],
  [/^memcached/, ['11211']],
]

/** Where a span went; undefined when it does not say. From its URL as well, where it is a call. */
export function placeOf(span: SpanRow, isCall: boolean): RemotePlace | undefined {
  const said = textOf(firstAttribute(span, PEER)).trim()
  if (said === '') return isCall ? placeOfUrl(textOf(firstAttribute(span, URL_KEYS))) : undefined
  if (said.startsWith('/') || said.startsWith('@')) return { host: said, port: '' }
  // Some write the port with the host; an address of version 6 has several colons.
  const [, inBrackets, plain, own] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(said) ?? []
  const host = (inBrackets ?? plain ?? said).toLowerCase().replace(/\.$/, '')
  return { host, port: own ?? textOf(firstAttribute(span, PEER_PORT)) }
}

/** The place without the port that everything of its kind has. */
export function withoutUsualPort({ host, port }: RemotePlace, system: string): RemotePlace {
  const ports = USUAL_PORTS.find(([pattern]) => pattern.test(system))?.[1]
  return { host, port: ports?.includes(port) ? '' : port }
}

/** As it is written: `host:port`, `[::1]:port`, `/path`. */
export function addressText({ host, port }: RemotePlace): string {
  if (port === '') return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function placeOfUrl(text: string): RemotePlace | undefined {
  if (!/^[a-z][\w+.-]*:\/\//i.test(text)) return undefined
  try {
    const { hostname, port } = new URL(text)
    return hostname === '' ? undefined : { host: hostname.replace(/^\[|\]$/g, ''), port }
  } catch {
    return undefined
  }
}
