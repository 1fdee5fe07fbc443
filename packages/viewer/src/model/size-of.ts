import { type AttributeValue, isList } from './attribute-value.ts'

// Short texts are mostly shared with equal ones; what an unshared one takes is counted with its owner.
const MAX_FREE_TEXT_LENGTH = 8
const PER_BYTES = 240
const PER_LIST = 64
const PER_OBJECT = 224
const PER_ENTRY = 64
const PER_ITEM = 16
const PER_KEY = 128

/** About how many bytes a value takes in memory. */
export function sizeOf(value: AttributeValue): number {
  if (typeof value === 'string') return sizeOfText(value)
  if (typeof value === 'bigint') return 32
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Uint8Array) return PER_BYTES + value.length
  if (isList(value)) return sizeOfList(value)
  let size = PER_OBJECT
  for (const [key, each] of Object.entries(value))
    size += PER_ENTRY + sizeOfText(key) + sizeOf(each)
  return size
}

function sizeOfList(list: readonly AttributeValue[]): number {
  let size = PER_LIST
  for (const each of list) size += PER_ITEM + sizeOf(each)
  return size
}

/** About how many bytes a key takes where it is the only one of its name. */
export function sizeOfKey(key: string): number {
  return PER_KEY + sizeOfText(key)
}

/** About how many bytes a text takes: two for each character as soon as one is beyond Latin. */
export function sizeOfText(text: string): number {
  if (text.length <= MAX_FREE_TEXT_LENGTH) return text.length
  return /[^\0-\xff]/.test(text) ? 2 * text.length : text.length
}

/** About how many bytes the values of attributes take that no span shares. */
export function sizeOfValues(values: readonly AttributeValue[]): number {
  return values.reduce<number>((size, value) => size + PER_ITEM + sizeOf(value), PER_LIST)
}
