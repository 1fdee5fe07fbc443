/** Asks again until `read` returns something; the test's own time limit ends it. */
export async function until<T>(
  read: () => Promise<T | undefined> | T | undefined,
): Promise<NonNullable<T>> {
  for (;;) {
    const found = await read()
    if (found !== undefined && found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
