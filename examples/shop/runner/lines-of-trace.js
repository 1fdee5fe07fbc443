/** @typedef {import('./log-book.js').LogLine} LogLine */

const patienceMs = 20_000

/**
 * Waits for the log lines of a trace.
 * @param {Pick<import('./log-book.js').LogBook, 'linesOf' | 'watch'>} book
 * @param {string} trace
 * @param {string[]} services that must all have written one
 * @returns {Promise<LogLine[]>} in order; after twenty seconds what there is
 */
export function linesOfTrace(book, trace, services) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(deadline)
      unwatch()
      resolve(book.linesOf(trace))
    }
    const look = () => {
      const present = new Set(book.linesOf(trace).map((line) => line.service))
      if (services.every((service) => present.has(service))) end()
    }
    const deadline = setTimeout(end, patienceMs)
    const unwatch = book.watch(look)
    look()
  })
}
