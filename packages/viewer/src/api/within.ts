/** Characters of JSON that one event of a stream holds at most, roughly: a page that does not read keeps no more. */
const MAX_EVENT_LENGTH = 1024 * 1024

/** The first of these that one event has room for. */
export function within<Item>(items: readonly Item[]): Item[] {
  const fitting: Item[] = []
  let length = 0
  for (const item of items) {
    length += JSON.stringify(item).length
    if (length > MAX_EVENT_LENGTH && fitting.length > 0) break
    fitting.push(item)
  }
  return fitting
}
