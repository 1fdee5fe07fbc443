import type { ReceiverAnswer } from '../../src/contract/receiver.ts'

/** Where spans can be sent, and from where. */
export interface Address {
  url: string
  /** Who can reach it; without it, anyone who can reach the page. */
  from?: string
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * The addresses of the viewer, first the one by which the page was opened: what passes on its ports,
 * as a container's host does, is unknown to the viewer itself.
 */
export function addressesOf(
  { endpoint, otherEndpoints }: Pick<ReceiverAnswer, 'endpoint' | 'otherEndpoints'>,
  opened: URL,
): Address[] {
  const others = otherEndpoints
    .filter((url) => url !== opened.origin)
    .map((url) => ({ url, from: 'From other machines' }))
  if (isLoopback(opened)) return [{ url: opened.origin }, ...others]
  return [{ url: opened.origin }, ...others, { url: endpoint, from: 'On its own machine' }]
}

/**
 * The address that a copied line should name. A viewer for other machines receives from them,
 * even when the page is open on its own machine.
 */
export function addressToCopy(addresses: readonly Address[], opened: URL): string {
  const [first, second] = addresses
  return (isLoopback(opened) && second?.url) || first?.url || opened.origin
}

/** True for where an OTLP exporter sends by default. */
export function isDefaultAddress(url: string): boolean {
  return isLoopback(new URL(url)) && new URL(url).port === '4318'
}

function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname)
}
