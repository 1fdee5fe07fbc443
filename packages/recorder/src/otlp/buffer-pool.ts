/** Buffers of one size, used again rather than made and collected. */
export interface BufferPool {
  take(): Buffer
  /** Takes a buffer back; one of another size is left to the garbage collector. */
  giveBack(buffer: Buffer): void
}

/** A pool that keeps at most `maxIdle` buffers of `bytes`. */
export function createBufferPool(bytes: number, maxIdle: number): BufferPool {
  const idle: Buffer[] = []
  return {
    // One of its own: a slice of Node's pool would keep more alive.
    take: () => idle.pop() ?? Buffer.allocUnsafeSlow(bytes),
    giveBack(buffer) {
      if (buffer.length === bytes && idle.length < maxIdle) idle.push(buffer)
    },
  }
}
