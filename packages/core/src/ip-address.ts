/** Whether an address is loopback, private, link-local or carrier-grade NAT. */
export function isInternalAddress(address: string | undefined): boolean {
  return address === undefined
}

/** `::ffff:127.0.0.1` as `127.0.0.1`, without a zone id; any other text as it is. */
export function unmapAddress(address: string): string {
  return address
}
