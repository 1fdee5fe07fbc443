import type { Decoded } from '../model/rows.ts'
import type { DecodeContext } from '../otlp/decode-context.ts'
import { readOtlpJson } from '../otlp/read-json.ts'
import { type FilePart, partsOf } from './file-shapes.ts'
import { readJaeger } from './read-jaeger.ts'
import { readZipkin } from './read-zipkin.ts'

/** The formats of files that can be read. */
export type FileFormat = 'otlp' | 'jaeger' | 'zipkin'

/** What was read, and as what. */
export interface FileContent {
  readonly format: FileFormat
  readonly parts: readonly Decoded[]
  /** Lines that are not JSON and were left out, as the last one of a file that is cut off; from 1. */
  readonly unread: readonly number[]
}

/**
 * Reads a file of OTLP JSON, Jaeger JSON or Zipkin v2 JSON, told apart by its shape: one value, a list
 * of them, or one a line.
 *
 * @throws Error with a sentence for the user when it is something else
 */
export function readAnyJson(text: string, context: DecodeContext): FileContent {
  const { values, unread } = parse(text)
  const [only] = values
  const parts = values.length === 1 ? partsOf(only) : partsOf(values)
  const [first] = parts
  if (first === undefined) throw new Error('This is JSON, but not OTLP, Jaeger or Zipkin v2.')
  if (parts.every(isOfMetrics))
    throw new Error('These are OTLP metrics; the viewer does not keep metrics.')
  return { format: first.format, parts: parts.map((part) => read(part, context)), unread }
}

function read(part: FilePart, context: DecodeContext): Decoded {
  if (part.format === 'zipkin') return readZipkin(part.spans, context)
  return part.format === 'jaeger'
    ? readJaeger(part.root, context)
    : readOtlpJson(part.root, context)
}

function isOfMetrics(part: FilePart): boolean {
  return (
    part.format === 'otlp' &&
    'resourceMetrics' in part.root &&
    !('resourceSpans' in part.root || 'resourceLogs' in part.root)
  )
}

interface Parsed {
  readonly values: readonly unknown[]
  readonly unread: readonly number[]
}

function parse(given: string): Parsed {
  const text = given.replace(/^\uFEFF/, '')
  if (text.trim() === '') throw new Error('The file is empty.')
  try {
    return { values: [JSON.parse(text)], unread: [] }
  } catch (error) {
    const lines = parseLines(text)
    if (lines === undefined) throw notJson(error)
    return lines
  }
}

/** One value a line; undefined when the first line is not a value, as in one value over several lines. */
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
