/** One mount that a request has entered. */
export interface Mount {
  /** The path before the mount took its prefix off. */
  readonly from: string
  /** What it took off. */
  readonly cut: string
  /** That, with the prefixes of the mounts around it. */
  readonly prefix: string
}

/** What a mount adds to the prefixes of those around it, while the path is still as it was before it. */
export function mountedAt(mounts: readonly Mount[], mountPath: string, path: string): Mount {
  const cut = mountPath.endsWith('/') ? mountPath.slice(0, -1) : mountPath
  return { from: path, cut, prefix: prefixAt(mounts, path) + cut }
}

/** The prefix of the mount that has left a path; empty where none has. */
export function prefixAt(mounts: readonly Mount[], path: string): string {
  return mounts.findLast(({ from, cut }) => isLeft(from, cut, path))?.prefix ?? ''
}

function isLeft(from: string, cut: string, path: string): boolean {
  return from === cut + path || (path === '/' && from === cut)
}
