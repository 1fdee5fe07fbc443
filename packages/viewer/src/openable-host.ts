/** The host to connect to for one that is listened on: this machine, where that is every address. */
export function openableHost(host: string): string {
  return isEveryAddress(host) ? '127.0.0.1' : host
}

/** True for what stands for every address of the machine. */
export function isEveryAddress(host: string): boolean {
  return ['0.0.0.0', '::', '[::]', ''].includes(host)
}
