/** The host to connect to for one that is listened on: this machine, where that is every address. */
export function openableHost(host: string): string {
  return isEveryAddress(host) ? '127.0.0.1' : withoutBrackets(host)
}

/** True for what stands for every address of the machine. */
export function isEveryAddress(host: string): boolean {
  return ['0.0.0.0', '::', '[::]', ''].includes(host)
}

/** An address of IPv6 as sockets take it, when it is given as URLs have it. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

/** The address of a host and port as a URL that this machine can open. */
export function urlOf(host: string, port: number): string {
  const openable = openableHost(host)
  return `http://${openable.includes(':') ? `[${openable}]` : openable}:${port}`
}
