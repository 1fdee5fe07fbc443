/** A query that cannot be understood, with the place of the fault in characters of the query. */
export class QueryError extends Error {
  readonly at: number
  readonly length: number

  constructor(message: string, at: number, length: number) {
    super(message)
    this.at = at
    this.length = length
  }
}
