/** A host and its port. */
export interface Address {
  readonly host: string
  readonly port: number | undefined
}

/** Reads `10.0.0.7:50051`, `[::1]:50051`, `stock.internal`, or an IPv6 address without a port. */
export function parseAddress(text: string): Address {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text) ?? []
  if (bracketed !== undefined) return { host: bracketed, port: toPort(bracketedPort) }
  const [, host, port] = /^([^:]*):(\d{1,5})$/.exec(text) ?? []
  return host === undefined ? { host: text, port: undefined } : { host, port: toPort(port) }
}

// What a socket tells of its other end: Node's IPv6 addresses have no brackets there.
/** Reads the peer of a call; `undefined` for what is not an address: a target, a path, `unknown`. */
export function parsePeer(text: string): Address | undefined {
  const [, host, port] = /^\[?([\d.]+|[\da-f:.]*:[\da-f:.%\w]*)\]?:(\d{1,5})$/i.exec(text) ?? []
  return host === undefined ? undefined : { host, port: toPort(port) }
}

function toPort(text: string | undefined): number | undefined {
  const port = Number(text)
  return text !== undefined && port > 0 && port < 65_536 ? port : undefined
}
