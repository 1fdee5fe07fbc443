import { openableHost } from './openable-host.ts'

/** The address of a host and port as a URL that this machine can open. */
export function urlOf(host: string, port: number): string {
  const openable = openableHost(host)
  return `http://${openable.includes(':') ? `[${openable}]` : openable}:${port}`
}
