import { type Address, parseAddress } from './address.ts'

/** Where the calls of a channel go. */
export interface GrpcTarget {
  /** All that it may be, as rules for hosts take them; none where nobody knows. */
  readonly hosts: readonly string[]
  /** What spans call it. */
  readonly address: string | undefined
  readonly port: number | undefined
}

const UNKNOWN: GrpcTarget = { hosts: [], address: undefined, port: undefined }

/**
 * Reads a target as gRPC names them (gRPC Name Resolution): `dns:stock.internal:50051`,
 * `ipv4:10.0.0.7:50051,10.0.0.8:50051`, `unix:/run/stock.sock`, `xds:///stock`. A channel that goes
 * through a proxy of the environment's names the proxy: who is at the other end is not known then.
 */
export function parseTarget(target: string): GrpcTarget {
  const [, scheme = 'dns', rest = target] = /^([a-z][a-z\d+.-]*):(?!\d+$)(.*)$/.exec(target) ?? []
  // Of `//authority/path` the authority is the name server.
  const path = rest.replace(/^\/\/[^/]*\//, '')
  if (scheme === 'unix' || scheme === 'unix-abstract') {
    return { hosts: ['localhost'], address: rest, port: undefined }
  }
  const isList = scheme === 'ipv4' || scheme === 'ipv6'
  const all = isList ? path.split(',').map(parseAddress) : [parseAddress(path)]
  const [first] = all
  if (first === undefined || first.host === '' || isProxy(first)) return UNKNOWN
  return { hosts: all.map(({ host }) => host), address: first.host, port: first.port }
}

// In the order in which grpc-js looks for one.
function isProxy({ host, port }: Address): boolean {
  const { grpc_proxy, https_proxy, http_proxy } = process.env
  const proxy = grpc_proxy || https_proxy || http_proxy
  if (proxy === undefined || proxy === '') return false
  try {
    const url = new URL(proxy)
    return parseAddress(url.hostname).host === host && Number(url.port || 80) === port
  } catch {
    return false
  }
}
