import { goProgramOf } from './go-programs.js'

/** The path of the Collector's program: each suite starts its own, which it may kill. */
export async function findCollector() {
  return { url: goProgramOf('collector'), stop() {} }
}
