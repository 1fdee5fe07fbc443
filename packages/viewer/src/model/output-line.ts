import { attribute } from './attributes.ts'
import type { LogRow } from './rows.ts'

/** The scope of log lines that `callchain run` has read from a program's output. */
export const OUTPUT_SCOPE = '@callchain/viewer run'
/** An attribute of that scope: the line names no service, and was given the command's. */
export const ASSUMED_SERVICE = 'callchain.service.assumed'

/** True for a line that was read from a program's output. */
export function isOutputLine(row: LogRow): boolean {
  return row.scope.name === OUTPUT_SCOPE
}

/** True for a line whose service is a guess. */
export function hasAssumedService(row: LogRow): boolean {
  return isOutputLine(row) && attribute(row.scope.attributes, ASSUMED_SERVICE) === true
}
