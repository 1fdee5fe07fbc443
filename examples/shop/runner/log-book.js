import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** @typedef {{ time: string, level: number, service: string, msg: string, trace_id?: string } & Record<string, unknown>} LogLine */

const keptLines = 1_000

/**
 * Keeps the log lines of all services in one file, so that one search finds an order in all of them;
 * the last of them at hand, too.
 * @param {string} path of the file, made anew
 */
export function openLogBook(path) {
  mkdirSync(dirname(path), { recursive: true })
  const file = createWriteStream(path)
  /** @type {LogLine[]} */
  const kept = []
  /** @type {Set<() => void>} */
  const watchers = new Set()
  return {
    path,
    /** @param {string} text */
    write(text) {
      file.write(`${text}\n`)
      const line = parse(text)
      if (!line) return
      kept.push(line)
      if (kept.length > keptLines) kept.shift()
      for (const watcher of watchers) watcher()
    },
    /**
     * The lines of a trace so far, in the order in which they were written.
     * @param {string} trace
     */
    linesOf: (trace) =>
      kept
        .filter((line) => line.trace_id === trace)
        .toSorted((one, other) => one.time.localeCompare(other.time)),
    /**
     * @param {() => void} watcher called after each line
     * @returns {() => void} ends it
     */
    watch(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    /** @returns {Promise<void>} */
    close: () => new Promise((resolve) => file.end(resolve)),
  }
}

/** @typedef {ReturnType<typeof openLogBook>} LogBook */

/**
 * @param {string} text
 * @returns {LogLine | undefined}
 */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
