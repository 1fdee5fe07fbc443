import type { Attributes } from '../../src/contract/value.ts'
import type { Place } from '../navigation/editor.ts'

/** The file and line that the code attributes of a span name. */
export function codePlace(attributes: Attributes): Place | undefined {
  const path = attributes['code.file.path'] ?? attributes['code.filepath']
  const line = attributes['code.line.number'] ?? attributes['code.lineno'] ?? 1
  const column = attributes['code.column.number'] ?? attributes['code.column'] ?? 1
  if (typeof path !== 'string') return undefined
  return { path: path.replace(/^file:\/\//, ''), line: whole(line), column: whole(column) }
}

function whole(value: unknown): number {
  const number = Math.floor(Number(value))
  return Number.isFinite(number) && number > 0 ? number : 1
}
