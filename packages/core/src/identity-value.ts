import { createHmac } from 'node:crypto'
import type { IdentityDefinition } from './identity-field.ts'
import type { IdentityValue } from './scope.ts'

/** Why a value was not taken. */
export type RefusedBecause = 'control-character' | 'pattern' | 'size'

/** Says why a field cannot have a value; `undefined` when it can. */
export function refuse(field: IdentityDefinition, value: string): RefusedBecause | undefined {
  if (value.length > field.maxBytes || Buffer.byteLength(value) > field.maxBytes) return 'size'
  if (hasControlCharacter(value)) return 'control-character'
  if (field.pattern !== undefined && !field.pattern.test(value)) return 'pattern'
  return undefined
}

/** The value as spans may show it. */
export function valueForSpans(field: IdentityDefinition, value: IdentityValue): string {
  return field.hash?.spans ? hashed(field, value) : value.value
}

/** The value as logs may show it. */
export function valueForLogs(field: IdentityDefinition, value: IdentityValue): string {
  return field.hash?.logs ? hashed(field, value) : value.value
}

function hashed(field: IdentityDefinition, value: IdentityValue): string {
  value.hashed ??= createHmac('sha256', field.hash?.key ?? '')
    .update(value.value)
    .digest('hex')
  return value.hashed
}

// C0, DEL and C1: what can forge a log line or drive a terminal. Line and paragraph separators too.
function hasControlCharacter(value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029)
      return true
  }
  return false
}
