/** An error of an answer: a `GraphQLError`, or what a server has made of it. */
export interface AnsweredError {
  readonly message: string
  readonly path?: readonly (string | number)[] | undefined
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
  /** What a resolver threw. */
  readonly originalError?: unknown
}
