/** Runs a fixed number of jobs at once; the others wait for their turn. */
export interface Semaphore {
  pass<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Makes a semaphore for `width` jobs at once. */
export function createSemaphore(width: number): Semaphore {
  let inside = 0
  const waiting: (() => void)[] = []
  return {
    async pass(work) {
      if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve))
      else inside += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        // The place goes straight to the next in line.
        if (next === undefined) inside -= 1
        else next()
      }
    },
  }
}
