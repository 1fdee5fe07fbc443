import type { Metadata } from '@grpc/grpc-js'

/** A value of metadata as text; several are joined by `, `, and binary ones are not there. */
export function metadataText(metadata: Metadata, name: string): string | undefined {
  // grpc-js refuses to look for a name that could not have been sent.
  if (!/^[\w.-]+$/.test(name)) return undefined
  const values = metadata.get(name).filter((value) => typeof value === 'string')
  return values.length === 0 ? undefined : values.join(', ')
}

const ATTEMPTS = 'grpc-previous-rpc-attempts'

/** How many attempts of the same call went before, where grpc-js retries on its own. */
export function previousAttempts(metadata: Metadata | undefined | null): number | undefined {
  const text = metadata == null ? undefined : metadataText(metadata, ATTEMPTS)
  return text !== undefined && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined
}
