/** A piece of SQL. A literal's text is `?`, whatever it was. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'literal' | 'parameter' | 'symbol'
  readonly text: string
  /** Whether white space or a comment stood before it. */
  readonly spaced: boolean
}
