/** What an error says, whichever realm it is from. */
export function reasonOf(error: unknown): string {
  const { message } = Object(error)
  return typeof message === 'string' ? message : String(error)
}
