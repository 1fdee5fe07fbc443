import { type Attributes, type AttributeValue, isList } from './attributes.ts'

// Short texts are shared with equal ones.
const SHARED_LENGTH = 64
const PER_ENTRY = 64
const PER_ITEM = 16

/** About how many bytes a value takes in memory. */
export function sizeOf(value: AttributeValue): number {
  if (typeof value === 'string') return sizeOfText(value)
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Uint8Array) return 96 + value.length
  let size = PER_ENTRY
  if (isList(value)) for (const each of value) size += PER_ITEM + sizeOf(each)
  else
    for (const [key, each] of Object.entries(value))
      size += PER_ENTRY + sizeOfText(key) + sizeOf(each)
  return size
}

/** About how many bytes a text takes: two for each character as soon as one is beyond Latin. */
export function sizeOfText(text: string): number {
  if (text.length <= SHARED_LENGTH) return text.length
  return /[^\0-\xff]/.test(text) ? 2 * text.length : text.length
}

/** About how many bytes attributes take that no span shares. */
export function sizeOfAttributes({ shape, values }: Attributes): number {
  let size = PER_ENTRY
  for (const key of shape.keys) size += PER_ENTRY + sizeOfText(key)
  for (const value of values) size += sizeOf(value)
  return size
}
