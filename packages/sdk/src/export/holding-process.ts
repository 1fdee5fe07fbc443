/** Does `work`, and keeps the process alive meanwhile: exports hold nothing themselves. Never rejects. */
export async function holdingProcess(work: () => Promise<void>): Promise<void> {
  const held = setInterval(() => {}, 2 ** 30)
  try {
    await work()
  } catch {
    // An exporter's own flush; what it was given counts as delivered.
  } finally {
    clearInterval(held)
  }
}
