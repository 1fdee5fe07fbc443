/** Parameters of a request; the undefined and the empty ones are left out. */
export type Parameters = Record<string, string | number | undefined>

/** The address under `/api/local`; parameters in braces take their place in the path. */
export function apiPath(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams()
  let filled = path
  for (const [key, value] of Object.entries(parameters)) {
    const text = String(value ?? '')
    if (path.includes(`{${key}}`)) filled = filled.replace(`{${key}}`, encodeURIComponent(text))
    else if (text !== '') search.set(key, text)
  }
  const text = search.toString()
  return `/api/local/${filled}${text === '' ? '' : `?${text}`}`
}
