import assert from 'node:assert/strict'
import { CALLERS_TRACE, type LoggedLine } from '../log-contract-stage.ts'

/** The fields of a line that must be there. */
export function fieldsOf(line: LoggedLine | undefined): LoggedLine['fields'] {
  assert.ok(line)
  return line.fields
}

/** The text of a line that must be there. */
export function textOf(line: LoggedLine | undefined): string {
  assert.ok(line)
  return line.text
}

/** Which of our fields a line has. */
export function namesIn(line: LoggedLine | undefined): string[] {
  const ours = ['trace_id', 'span_id', 'trace_flags', 'tenant_id', 'user_id']
  return ours.filter((name) => name in fieldsOf(line))
}

/** The tenant and the user of a line. */
export function identityIn(line: LoggedLine | undefined): unknown[] {
  return [fieldsOf(line).tenant_id, fieldsOf(line).user_id]
}

/** Asserts that there are this many lines, all of the caller's trace. */
export function assertTraced(lines: readonly LoggedLine[], count: number): void {
  assert.deepEqual(
    lines.map(({ fields }) => fields.trace_id),
    Array.from({ length: count }, () => CALLERS_TRACE),
  )
}

/** Asserts that a line has these fields, and each of them once. */
export function assertOnce(line: LoggedLine | undefined, expected: Record<string, string>): void {
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(fieldsOf(line)[name], value)
    const times = textOf(line).split(`"${name}":`).length - 1
    assert.equal(times, 1, `${name} stands ${times} times on ${textOf(line)}`)
  }
}
