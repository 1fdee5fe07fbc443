/**
 * Makes a server listen on this machine alone.
 * @param {import('node:net').Server} server
 * @param {number} port 0 lets the system choose
 * @returns {Promise<number>} the port it listens on
 */
export async function listen(server, port) {
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

/**
 * Ends a server with every connection that it knows.
 * @param {import('node:net').Server & { closeAllConnections?(): void }} server
 * @returns {Promise<void>}
 */
export function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections?.()
  })
}
