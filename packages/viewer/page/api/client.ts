/** What the viewer refused, in its own words; `at` and `length` say where in the query. */
export interface Refusal {
  readonly status: number
  readonly message: string
  readonly at?: number
  readonly length?: number
}

/** What a request has come to: one of the two. */
export interface Answer<T> {
  readonly value?: T
  readonly refusal?: Refusal
}

/** Parameters of a request; the undefined and the empty ones are left out. */
export type Parameters = Record<string, string | number | undefined>

/** The address under `/api/local`. */
export function apiPath(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters))
    if (value !== undefined && value !== '') search.set(key, String(value))
  const text = search.toString()
  return `/api/local/${path}${text === '' ? '' : `?${text}`}`
}

/** Reads JSON; never throws: a viewer that is gone is a refusal with status 0. */
export async function read<T>(path: string, parameters?: Parameters): Promise<Answer<T>> {
  try {
    const response = await fetch(apiPath(path, parameters))
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return { value: body as T }
    return { refusal: refusalOf(response.status, body) }
  } catch {
    return { refusal: { status: 0, message: 'The viewer does not answer. Is it still running?' } }
  }
}

/** What an import has brought. */
export interface Imported {
  readonly spans: number
  readonly logs: number
  readonly traces: readonly string[]
  /** What was left out, and why. */
  readonly warning?: string
}

/** Sends a file to be imported. */
export async function importFile(file: File): Promise<Answer<Imported>> {
  const headers: Record<string, string> = file.name.endsWith('.gz')
    ? { 'content-encoding': 'gzip' }
    : {}
  try {
    const response = await fetch(apiPath('import'), { method: 'POST', headers, body: file })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return { value: body as Imported }
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
  const error = (body as { error?: Partial<Refusal> } | undefined)?.error
  return { ...error, status, message: error?.message ?? `The viewer answered ${status}.` }
}
