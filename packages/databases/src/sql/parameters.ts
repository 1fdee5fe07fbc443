import { types } from 'node:util'
import { diag } from '@opentelemetry/api'
import type { DatabaseOptions } from '../driver/options.ts'

/** The bound values of a statement, in order or by name. */
export type BoundValues = readonly unknown[] | Readonly<Record<string, unknown>>

const MAX_LENGTH = 1024

/** The bound values that the application asked to have on the span; `undefined` for none. */
export function shownParameters(
  capture: DatabaseOptions['captureParameters'],
  text: string,
  values: BoundValues | undefined,
): Record<string, string> | undefined {
  if (capture === undefined || values === undefined) return undefined
  const shown: Record<string, string> = {}
  for (const key of keysOf(values)) {
    try {
      const value = (values as Readonly<Record<string, unknown>>)[key]
      if (saysYes(capture({ key, value, text }))) shown[key] = show(value)
    } catch (error) {
      diag.error('callchain: captureParameters threw', error)
    }
  }
  return shown
}

/** Whether any value is bound: a text without any may have its values written into it. */
export function hasValues(values: BoundValues | undefined): boolean {
  return keysOf(values).length > 0
}

// What callers without types hand over is not always a list or an object, and a Proxy may throw.
function keysOf(values: unknown): readonly string[] {
  if (typeof values !== 'object' || values === null || ArrayBuffer.isView(values)) return []
  try {
    return Object.keys(values)
  } catch {
    return []
  }
}

function saysYes(answer: unknown): boolean {
  // A promise that nobody waits for would end the process when it rejects.
  if (types.isPromise(answer)) {
    answer.catch((error) => diag.error('callchain: captureParameters rejected', error))
  }
  return answer === true
}

function show(value: unknown): string {
  const isPlain = typeof value !== 'object' || value === null || value instanceof Date
  const shown = isPlain ? showPlain(value) : (JSON.stringify(value) ?? '')
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown
}

function showPlain(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}
