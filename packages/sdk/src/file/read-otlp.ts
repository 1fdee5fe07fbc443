import { MILLIS, parseHttpUrl } from '../config/environment.ts'
import type { ConfigNode } from './config-node.ts'
import { type FileSettings, toPairs } from './settings.ts'

/** The longest time that a timer can wait: in a file, 0 stands for no limit. */
const NO_LIMIT_MILLIS = 2 ** 31 - 1

/** The words of a signal in names of variables. */
export type SignalWord = 'TRACES' | 'LOGS' | 'METRICS'

/** Reads `otlp_http` or `otlp_grpc` of an exporter as the variables of its signal; false where it has neither. */
export function readOtlp(
  exporter: ConfigNode,
  signal: SignalWord,
  settings: FileSettings,
): boolean {
  const http = exporter.child('otlp_http')
  const node = http ?? exporter.child('otlp_grpc')
  if (node === undefined) return false
  const name = (word: string): string => `OTEL_EXPORTER_OTLP_${signal}_${word}`
  const encoding = http?.choice('encoding', ['protobuf', 'json'])
  const protocol = http === undefined ? 'grpc' : `http/${encoding ?? 'protobuf'}`
  settings.set(name('PROTOCOL'), protocol, node.path)
  settings.set(name('ENDPOINT'), readEndpoint(node, http !== undefined), node.at('endpoint'))
  settings.set(name('HEADERS'), readPairs(node, 'headers', 'headers_list'), node.at('headers'))
  settings.set(
    name('COMPRESSION'),
    node.choice('compression', ['gzip', 'none']),
    node.at('compression'),
  )
  settings.set(name('TIMEOUT'), readMillis(node, 'timeout'), node.at('timeout'))
  const tls = node.child('tls')
  if (tls === undefined) return true
  settings.set(name('CERTIFICATE'), tls.text('ca_file'), tls.at('ca_file'))
  settings.set(name('CLIENT_CERTIFICATE'), tls.text('cert_file'), tls.at('cert_file'))
  settings.set(name('CLIENT_KEY'), tls.text('key_file'), tls.at('key_file'))
  if (http === undefined) settings.set(name('INSECURE'), tls.flag('insecure'), tls.at('insecure'))
  return true
}

function readEndpoint(node: ConfigNode, isHttp: boolean): string | undefined {
  const text = node.text('endpoint')
  if (text === undefined) return undefined
  const isPlain = !isHttp && !text.includes('://')
  if (parseHttpUrl(isPlain ? `http://${text}` : text) !== undefined) return text
  throw node.fault('endpoint', text, isHttp ? 'an http or https URL' : 'host:port or a URL')
}

/** A list of `{ name, value }` over a text `key=value,key=value`. */
export function readPairs(node: ConfigNode, key: string, listKey: string): string | undefined {
  const list = node.text(listKey)
  const pairs = node.list(key).map((one) => {
    const name = one.text('name')
    if (name === undefined) throw one.fault('name', undefined, 'a text')
    return [name, one.text('value') ?? ''] as const
  })
  // The later wins, as in a variable.
  return [list, toPairs(pairs)].filter((text) => text !== undefined).join(',') || undefined
}

/** Milliseconds, where 0 stands for no limit. */
export function readMillis(node: ConfigNode, key: string): number | undefined {
  const millis = node.number(key, MILLIS)
  return millis === 0 ? NO_LIMIT_MILLIS : millis
}
