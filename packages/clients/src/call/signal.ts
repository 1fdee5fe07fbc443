/** The signal among the options of a request: of this realm or another, or what a library makes of it. */
export function signalIn(options: object): AbortSignal | undefined {
  const { signal } = options as { signal?: unknown }
  const { aborted } = (signal ?? {}) as { aborted?: unknown }
  return typeof aborted === 'boolean' ? (signal as AbortSignal) : undefined
}
