export interface Authority {
  readonly host: string
  readonly port: number | undefined
}

/** Splits a host as it stands in `Host`, `:authority` or `X-Forwarded-Host`. */
export function parseAuthority(_text: string | undefined): Authority | undefined {
  return undefined
}
