import type { RedactAction } from '../config/options.ts'
import { createKeyPattern } from './key-pattern.ts'

/** What the table says of a key. */
export interface KeyDecision {
  /** `scan`: no rule names it, so its value is looked at for shapes. */
  readonly action: RedactAction | 'scan'
  /** The rule that decided, as it was written. */
  readonly pattern: string
}

/** Keys whose values are struck out unless the table says otherwise. */
export const DEFAULT_KEYS: Readonly<Record<string, RedactAction>> = {
  '*password*': 'mask',
  '*passwd*': 'mask',
  '*secret*': 'mask',
  '*authorization*': 'mask',
  '*cookie*': 'mask',
  '*api-key*': 'mask',
  '*api_key*': 'mask',
  '*apikey*': 'mask',
  '*private_key*': 'mask',
  '*access_token*': 'mask',
  '*auth-token*': 'mask',
}

const SCAN: KeyDecision = { action: 'scan', pattern: '' }

/** Decides by the table, else by `DEFAULT_KEYS`. A key that is written out wins over patterns, an earlier pattern over a later one. */
export function createKeyRules(
  table: Readonly<Record<string, RedactAction>>,
): (key: string) => KeyDecision {
  const rules = [...Object.entries(table), ...Object.entries(DEFAULT_KEYS)]
  const exactFirst = [
    ...rules.filter(([pattern]) => !pattern.includes('*')),
    ...rules.filter(([pattern]) => pattern.includes('*')),
  ].map(([pattern, action]) => ({ action, pattern, matches: createKeyPattern(pattern) }))
  return (key) => exactFirst.find(({ matches }) => matches(key)) ?? SCAN
}
