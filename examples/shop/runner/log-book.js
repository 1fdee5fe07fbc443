import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Keeps the log lines of all services in one file, so that one search finds an order in all of them.
 * @param {string} path of the file, made anew
 */
export function openLogBook(path) {
  mkdirSync(dirname(path), { recursive: true })
  const file = createWriteStream(path)
  let lines = 0
  return {
    path,
    /** @param {string} line */
    write(line) {
      lines += 1
      file.write(`${line}\n`)
    },
    count: () => lines,
    /** @returns {Promise<void>} */
    close: () => new Promise((resolve) => file.end(resolve)),
  }
}
