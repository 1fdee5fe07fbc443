import { createHmac } from 'node:crypto'
import type { IdentityValue } from '../context/scope.ts'
import type { IdentityDefinition } from './definition.ts'

/** Why a value was not taken. */
export type RefusedBecause = 'control-character' | 'format-character' | 'pattern' | 'size'

/** Says why a field cannot have a value; `undefined` when it can. */
export function rejectionReason(
  field: IdentityDefinition,
  value: string,
): RefusedBecause | undefined {
  if (value.length > field.maxBytes || Buffer.byteLength(value) > field.maxBytes) return 'size'
  const odd = oddCharacter(value)
  if (odd !== undefined) return odd
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
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u
// What is not seen, or turns text around: two values that look the same must be the same.
const FORMAT = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u
// Where such a character is a part of what is written: joiners between the letters of scripts that
// need them and between the parts of an emoji, and the style of a character that has several.
const NEEDED =
  /(?<=[\p{L}\p{M}])(?<![\p{scx=Latin}\p{scx=Greek}\p{scx=Cyrillic}\p{scx=Han}])[\u200c\u200d](?=\p{L})(?![\p{scx=Latin}\p{scx=Greek}\p{scx=Cyrillic}\p{scx=Han}])|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Emoji})[\ufe0e\ufe0f]|(?<=\p{scx=Han})[\u{e0100}-\u{e01ef}]/gu

function oddCharacter(value: string): 'control-character' | 'format-character' | undefined {
  if (isPlain(value)) return undefined
  if (CONTROL.test(value)) return 'control-character'
  return FORMAT.test(value.replace(NEEDED, '')) ? 'format-character' : undefined
}

// Nearly all values are: letters, digits and signs of ASCII.
function isPlain(value: string): boolean {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at)
    if (code < 0x20 || code >= 0x7f) return false
  }
  return true
}
