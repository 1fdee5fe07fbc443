import { isObject, type JsonObject } from '../model/json-fields.ts'

/** An event that was written as one text. */
export interface TextEvent {
  readonly name: string
  readonly attributes: JsonObject
}

const NOTHING: JsonObject = {}
const NAMED = /^"(?:[^"\\]|\\.)*"\s*:\s*\{.*\}\s*$/s
const ALONE = /^\s*\{.*\}\s*$/s
const BETWEEN_BARS = /^([^|]*)\|(\{.*\})\|\d*$/s

/**
 * Reads an event of a Zipkin annotation as OpenTelemetry's exporters write it: `"name": {…}`
 * (OpenTelemetry, Zipkin exporter, Events), in Python `{"name": {…}}`, in the Collector `name|{…}|0`.
 * Any other text is the event's name.
 */
export function readTextEvent(text: string): TextEvent {
  if (NAMED.test(text)) return fromObject(`{${text}}`) ?? plain(text)
  if (ALONE.test(text)) return fromObject(text) ?? plain(text)
  const [, name, json] = BETWEEN_BARS.exec(text) ?? []
  const attributes = json === undefined ? undefined : parsed(json)
  return name !== undefined && attributes !== undefined ? { name, attributes } : plain(text)
}

/** A JSON object; undefined when the text is something else. */
export function parsed(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function fromObject(json: string): TextEvent | undefined {
  const [[name, attributes] = [], another] = Object.entries(parsed(json) ?? NOTHING)
  if (name === undefined || another !== undefined || !isObject(attributes)) return undefined
  return { name, attributes }
}

function plain(name: string): TextEvent {
  return { name, attributes: NOTHING }
}
