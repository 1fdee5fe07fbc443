/** A request target in its parts. */
export interface RequestTarget {
  readonly path: string
  /** Without the question mark; `undefined` when there is none. */
  readonly query: string | undefined
  /** The authority of an absolute-form target. */
  readonly authority: string | undefined
}

/**
 * Splits a request target (RFC 9112 section 3.2) as it was sent. `new URL` would not do: it
 * normalises, takes `//x` for a host and throws on `*`.
 */
export function splitTarget(target: string): RequestTarget {
  const question = target.indexOf('?')
  const before = question === -1 ? target : target.slice(0, question)
  const query = question === -1 ? undefined : target.slice(question + 1)
  if (before.charCodeAt(0) === 0x2f) return { path: before, query, authority: undefined }
  const scheme = before.indexOf('://')
  if (scheme === -1) return { path: before, query, authority: undefined }
  const slash = before.indexOf('/', scheme + 3)
  const authority = slash === -1 ? before.slice(scheme + 3) : before.slice(scheme + 3, slash)
  return { path: slash === -1 ? '/' : before.slice(slash), query, authority }
}
