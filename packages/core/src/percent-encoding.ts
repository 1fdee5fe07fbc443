/** The octets that percent-encoding leaves alone. */
export const UNRESERVED: Uint8Array = new Uint8Array(256)
