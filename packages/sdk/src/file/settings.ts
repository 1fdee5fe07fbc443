/** What a file says, as the variables that mean the same, and where in the file each comes from. */
export class FileSettings {
  readonly variables: Record<string, string> = {}
  readonly origins: Map<string, string> = new Map()

  /** Notes a value that is there; `path` is where it stands in the file. */
  set(variable: string, value: string | number | boolean | undefined, path: string): void {
    if (value === undefined) return
    this.variables[variable] = String(value)
    this.origins.set(variable, path)
  }
}

/** A list as variables have it: `key=value,key=value`, percent-encoded. */
export function toPairs(pairs: readonly (readonly [string, string])[]): string | undefined {
  if (pairs.length === 0) return undefined
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join(',')
}
