/**
 * @typedef {object} Service
 * @property {(port: number) => Promise<number>} start listens on the port, 0 for any, and returns the one it got; 0 where it listens on none
 * @property {() => Promise<unknown>} stop lets go of everything it holds
 */

/**
 * Runs one process of the shop: starts it, tells the parent its port, and stops it when the parent
 * asks or is gone, so that no process outlives the shop.
 * @param {Service} service
 */
export async function runService(service) {
  const stop = once(() => service.stop().finally(() => process.exit()))
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  // Ctrl-C reaches every process of the terminal at once; the parent stops them in order.
  process.on('SIGINT', process.send ? () => {} : stop)
  try {
    tell({ listening: await service.start(Number(process.env.PORT ?? 0)) })
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) }, () => process.exit(1))
  }
}

/**
 * @param {import('../runner/child.js').Report} report
 * @param {() => void} [then]
 */
function tell(report, then = () => {}) {
  if (process.send) process.send(report, undefined, undefined, then)
  else then()
}

/** @param {() => void} action */
function once(action) {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
