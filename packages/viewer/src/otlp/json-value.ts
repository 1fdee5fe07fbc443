import type { AttributeCollector } from '../model/attribute-budget.ts'
import type { AttributeValue } from '../model/attribute-value.ts'
import { isObject, type JsonObject, objectsOf, textField } from '../model/json-fields.ts'
import type { DecodeContext } from './decode-context.ts'

const MAX_DEPTH = 32

/** Reads a list of OTLP JSON KeyValues into the collector. */
export function addJsonAttributes(
  list: unknown,
  context: DecodeContext,
  into: AttributeCollector,
): void {
  for (const entry of objectsOf(list)) {
    const value = readJsonValue(entry.value)
    into.add(
      context.texts.share(textField(entry.key)),
      typeof value === 'string' ? context.texts.share(value) : value,
    )
  }
}

/** Reads an OTLP JSON AnyValue; null for a kind that is not known. */
export function readJsonValue(value: unknown, depth = 0): AttributeValue {
  if (!isObject(value) || depth > MAX_DEPTH) return null
  if (typeof value.stringValue === 'string') return value.stringValue
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (value.intValue !== undefined) return readInteger(value.intValue)
  if (value.doubleValue !== undefined) return readDouble(value.doubleValue)
  if (typeof value.bytesValue === 'string')
    return new Uint8Array(Buffer.from(value.bytesValue, 'base64'))
  return readNested(value, depth)
}

function readNested(value: JsonObject, depth: number): AttributeValue {
  if (isObject(value.arrayValue))
    return objectsOf(value.arrayValue.values).map((each) => readJsonValue(each, depth + 1))
  if (!isObject(value.kvlistValue)) return null
  const object: Record<string, AttributeValue> = Object.create(null)
  for (const entry of objectsOf(value.kvlistValue.values))
    object[textField(entry.key)] = readJsonValue(entry.value, depth + 1)
  return object
}

function readInteger(value: unknown): AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}

function readDouble(value: unknown): AttributeValue {
  if (typeof value === 'number') return value
  if (value === 'NaN') return Number.NaN
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  return Number.isNaN(number) ? null : number
}
