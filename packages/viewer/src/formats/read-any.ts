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
  /** Lines that are no JSON and were left out, as the last one of a file that is cut off; from 1. */
  readonly unread: readonly number[]
}

/**
 * Reads a file of OTLP JSON (one request, or one a line), Jaeger JSON or Zipkin v2 JSON, told apart by
 * its shape.
 *
 * @throws Error with a sentence for the user when it is none of them
 */
export function readAnyJson(text: string, context: DecodeContext): FileContent {
  const { values, unread } = parse(text)
  const [first] = values
  if (isObject(first) && Array.isArray(first.data)) {
    const parts = values.map((each) => readJaeger(objectOf(each), context))
    return { format: 'jaeger', parts, unread }
  }
  if (Array.isArray(first)) {
    const spans = values.flat(2)
    return { format: 'zipkin', parts: [readZipkin(spans, context)], unread }
  }
  const isOtlp = (value: unknown): boolean =>
    isObject(value) && ('resourceSpans' in value || 'resourceLogs' in value)
  if (!values.some(isOtlp))
    throw new Error('This is JSON, but neither OTLP, nor Jaeger, nor Zipkin v2.')
  const parts = values.map((each) => readOtlpJson(objectOf(each), context))
  return { format: 'otlp', parts, unread }
}

interface Parsed {
  readonly values: readonly unknown[]
  readonly unread: readonly number[]
}

function parse(given: string): Parsed {
  const text = given.replace(/^\uFEFF/, '')
  if (text.trim() === '') throw new Error('There is nothing in it.')
  try {
    return { values: [JSON.parse(text)], unread: [] }
  } catch (error) {
    const lines = parseLines(text)
    if (lines === undefined) throw notJson(error)
    return lines
  }
}

/** What is one value a line; undefined when the first is none, as in one value over several lines. */
function parseLines(text: string): Parsed | undefined {
  const values: unknown[] = []
  const unread: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      values.push(JSON.parse(line))
    } catch {
      if (values.length === 0) return undefined
      unread.push(index + 1)
    }
  }
  const [first] = values
  return typeof first === 'object' && first !== null ? { values, unread } : undefined
}

function notJson(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  // The reason may repeat the text, with its line breaks.
  return new Error(`This is not JSON: ${reason.replaceAll(/\s+/g, ' ')}`)
}
