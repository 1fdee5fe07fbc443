const MAX_REMEMBERED = 20_000

/** Evicted traces are remembered for a while, so that what still comes of them is marked. */
export function rememberGone(gone: Set<string>, id: string): void {
  if (gone.size >= MAX_REMEMBERED) {
    const [oldest] = gone
    if (oldest !== undefined) gone.delete(oldest)
  }
  gone.add(id)
}
