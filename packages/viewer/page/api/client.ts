import { apiPath } from '../../src/contract/api-path.ts'
import type { AnswerOf, LocalPath, ParametersOf } from '../../src/contract/local-api.ts'
import type { ErrorAnswer, ImportResult } from '../../src/contract/transfer.ts'
import { keptAnswer, keptTrace } from './kept-trace.ts'

/** What the viewer refused, in its own words; `at` and `length` say where in the query. */
export type Refusal = ErrorAnswer['error'] & { readonly status: number }

/** What a request has come to: one of the two. */
export interface Answer<T> {
  readonly value?: T
  readonly refusal?: Refusal
}

const ONE_TRACE = 'This file holds one trace only.'

/** Reads JSON; never throws: a viewer that is gone is a refusal with status 0. */
export async function read<Path extends LocalPath>(
  path: Path,
  parameters: ParametersOf<Path>,
): Promise<Answer<AnswerOf<Path>>> {
  if (keptTrace !== undefined) {
    const value = keptAnswer(keptTrace, path, { ...parameters }) as AnswerOf<Path> | undefined
    return value === undefined ? { refusal: { status: 404, message: ONE_TRACE } } : { value }
  }
  try {
    const response = await fetch(apiPath(path, { ...parameters }))
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return { value: body as AnswerOf<Path> }
    return { refusal: refusalOf(response.status, body) }
  } catch {
    return { refusal: { status: 0, message: 'The viewer does not answer. Is it still running?' } }
  }
}

/** One trace as Markdown; undefined when it cannot be had. */
export async function readMarkdown(id: string): Promise<string | undefined> {
  if (keptTrace !== undefined) return keptTrace.markdown
  try {
    const response = await fetch(apiPath(`traces/${id}.md`))
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

/** Sends a file to be imported. */
export async function importFile(file: File): Promise<Answer<ImportResult>> {
  const headers: Record<string, string> = file.name.endsWith('.gz')
    ? { 'content-encoding': 'gzip' }
    : {}
  try {
    const response = await fetch(apiPath('import'), { method: 'POST', headers, body: file })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return { value: body as ImportResult }
    return { refusal: refusalOf(response.status, body) }
  } catch {
    return { refusal: { status: 0, message: 'The viewer does not answer. Is it still running?' } }
  }
}

/** Forgets everything that is kept. */
export async function clearAll(): Promise<void> {
  await fetch(apiPath('traces'), { method: 'DELETE' }).catch(() => undefined)
}

function refusalOf(status: number, body: unknown): Refusal {
  const error = (body as Partial<ErrorAnswer> | undefined)?.error
  return { ...error, status, message: error?.message ?? `The viewer answered ${status}.` }
}
