import { guard } from '@callchain/core/internal'
import type { DatabaseOptions } from '../driver/options.ts'

/** The bound values of a statement, in order or by name. */
export type BoundValues = readonly unknown[] | Readonly<Record<string, unknown>>

const MAX_SHOWN_CHARACTERS = 1024

/** The bound values that the application wants on the span; `undefined` when it wants none. */
export function shownParameters(
  capture: DatabaseOptions['captureParameters'],
  text: string,
  values: BoundValues | undefined,
): Record<string, string> | undefined {
  if (capture === undefined || values === undefined) return undefined
  const shown: Record<string, string> = {}
  for (const key of keysOf(values)) {
    guard('captureParameters', () => {
      const value = (values as Readonly<Record<string, unknown>>)[key]
      const isShown: unknown = capture({ key, value, text })
      if (isShown === true) shown[key] = show(value)
      return isShown
    })
  }
  return shown
}

/** Whether any value is bound: a text without bound values may contain them as literals. */
export function hasValues(values: BoundValues | undefined): boolean {
  if (values === undefined) return false
  return keysOf(values).length > 0
}

// Callers without types do not always pass a list or an object, and a Proxy may throw.
function keysOf(values: unknown): readonly string[] {
  if (typeof values !== 'object' || values === null || ArrayBuffer.isView(values)) return []
  try {
    return Object.keys(values)
  } catch {
    return []
  }
}

function show(value: unknown): string {
  const isPlain = typeof value !== 'object' || value === null || value instanceof Date
  const shown = isPlain ? showPlain(value) : (JSON.stringify(value) ?? '')
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown
}

function showPlain(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value)
}
