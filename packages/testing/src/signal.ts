/** Something that one side waits for and the other brings about. */
export interface Signal<T = void> {
  readonly promise: Promise<T>
  resolve(value: T): void
}

/** Makes a signal that can be given once. */
export function createSignal<T = void>(): Signal<T> {
  let give: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    give = resolve
  })
  return { promise, resolve: (value) => give(value) }
}
