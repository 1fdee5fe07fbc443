import type { Metadata } from '@grpc/grpc-js'

/** A value of metadata as text; several are joined by `, `, and binary ones are not there. */
export function metadataText(metadata: Metadata, name: string): string | undefined {
  // grpc-js refuses to look for a name that could not have been sent.
  if (!/^[\w.-]+$/.test(name)) return undefined
  const values = metadata.get(name).filter((value) => typeof value === 'string')
  return values.length === 0 ? undefined : values.join(', ')
}

/** The same of what came before the messages and after them, joined where it is in both. */
export function eitherText(
  name: string,
  first: Metadata | undefined,
  last: Metadata | undefined | null,
): string | undefined {
  const texts = [first, last].map((each) => (each == null ? undefined : metadataText(each, name)))
  const found = texts.filter((text) => text !== undefined)
  return found.length === 0 ? undefined : found.join(', ')
}

const ATTEMPTS = 'grpc-previous-rpc-attempts'

/** How many attempts of the same call went before, where grpc-js retries on its own. */
export function previousAttempts(metadata: Metadata | undefined | null): number | undefined {
  const text = metadata == null ? undefined : metadataText(metadata, ATTEMPTS)
  return text !== undefined && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined
}
