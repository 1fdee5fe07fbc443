const MAX_REMEMBERED = 20_000

/** Evicted traces are remembered for a while, so that what still comes of them is marked. */
export function rememberEvicted(evicted: Set<string>, id: string): void {
  if (evicted.size >= MAX_REMEMBERED) {
    const [oldest] = evicted
    if (oldest !== undefined) evicted.delete(oldest)
  }
  evicted.add(id)
}
