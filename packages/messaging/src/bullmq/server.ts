/** Where the Redis of a queue or worker is, as far as its options say so. */
export function serverOf(target: { readonly opts?: { readonly connection?: unknown } }): {
  serverAddress: string | undefined
  serverPort: number | undefined
} {
  const connection = target.opts?.connection as
    | { host?: unknown; port?: unknown; options?: { host?: unknown; port?: unknown } }
    | undefined
  // A client of ioredis that is shared has them in its own options.
  const { host, port } = connection?.options ?? connection ?? {}
  return {
    serverAddress: typeof host === 'string' ? host : undefined,
    serverPort: typeof port === 'number' ? port : undefined,
  }
}
