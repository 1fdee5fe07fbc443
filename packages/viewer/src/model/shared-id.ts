/**
 * The ids that further spans get here which were sent with one id, as Zipkin's tracers send a call's
 * client and server: digits of it are others. `number` counts from 0.
 */
export function sharedId(id: string, number = 0): string {
  const low = (Number.parseInt(id.slice(0, 4), 16) ^ (number + 1)) & 0xfff
  const first = Number.parseInt(id.charAt(0), 16) ^ 8
  const rest = number === 0 ? id.slice(1, 4) : low.toString(16).padStart(3, '0')
  return first.toString(16) + rest + id.slice(4)
}
