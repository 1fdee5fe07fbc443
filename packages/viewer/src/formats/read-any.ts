import type { Decoded } from '../model/rows.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { readOtlpJson } from '../otlp/read-json.ts'
import { isObject, objectOf } from './json-fields.ts'
import { readJaeger } from './read-jaeger.ts'
import { readZipkin } from './read-zipkin.ts'

/** The formats of files that can be read. */
export type FileFormat = 'otlp' | 'jaeger' | 'zipkin'

/** What was read, and as what. */
export interface FileContent {
  readonly format: FileFormat
  readonly parts: readonly Decoded[]
}

/**
 * Reads a file of OTLP JSON (one request, or one a line), Jaeger JSON or Zipkin v2 JSON, told apart by
 * its shape.
 *
 * @throws Error with a sentence for the user when it is none of them
 */
export function readAnyJson(text: string, context: DecodeContext): FileContent {
  const values = parse(text)
  const [first] = values
  if (isObject(first) && Array.isArray(first.data))
    return { format: 'jaeger', parts: values.map((each) => readJaeger(objectOf(each), context)) }
  if (Array.isArray(first)) {
    const spans = first.flat()
    return { format: 'zipkin', parts: [readZipkin(spans, context)] }
  }
  const isOtlp = (value: unknown): boolean =>
    isObject(value) && ('resourceSpans' in value || 'resourceLogs' in value)
  if (!values.some(isOtlp))
    throw new Error('This is JSON, but neither OTLP, nor Jaeger, nor Zipkin v2.')
  return { format: 'otlp', parts: values.map((each) => readOtlpJson(objectOf(each), context)) }
}

function parse(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    if (lines.length < 2) throw notJson(error)
    try {
      return lines.map((line) => JSON.parse(line))
    } catch {
      throw notJson(error)
    }
  }
}

function notJson(error: unknown): Error {
  return new Error(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`)
}
