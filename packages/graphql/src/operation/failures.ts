import { errorType, failSpan, guard } from '@callchain/core/internal'
import type { Context, Span } from '@opentelemetry/api'
import type { AnsweredError } from './answered-error.ts'
import { GRAPHQL_ERRORS } from './attributes.ts'

/** Bounds how many exceptions one span has; the others are counted. */
const MAX_EXCEPTIONS = 10
/** What a code looks like; anything else may be a sentence. */
const CODE = /^\w{1,64}$/

/**
 * Marks an operation as failed by the errors of its answer, though the answer is a 200. `thrown` are
 * the errors that its resolvers threw: a server may have made something else of them.
 */
export function recordFailures(
  span: Span,
  within: Context,
  errors: readonly AnsweredError[],
  thrown: ReadonlySet<unknown>,
  isFailure: ((error: AnsweredError) => boolean) | undefined,
): void {
  if (errors.length > 0) span.setAttribute(GRAPHQL_ERRORS, errors.length)
  const failures =
    isFailure === undefined
      ? errors
      : errors.filter((error) => guard('isFailure', () => isFailure(error)) !== false)
  const [first] = failures
  if (first === undefined) return
  const exceptions = new Set(failures.map(exceptionOf).filter((each) => each !== undefined))
  const known = [...exceptions].some((each) => thrown.has(each))
  const all = [...(known ? exceptions : new Set([...thrown, ...exceptions]))]
  const type = typeOf(first, all[0])
  if (all.length === 0) failSpan(span, type, undefined, within)
  for (const exception of all.slice(0, MAX_EXCEPTIONS)) {
    failSpan(span, type, exception, within, mayQuote(exception, failures))
  }
}

// What a server has formatted is not an exception any more.
function exceptionOf(error: AnsweredError): unknown {
  return error.originalError ?? (error instanceof Error ? error : undefined)
}

function typeOf({ extensions }: AnsweredError, exception: unknown): string {
  const code = extensions?.code
  if (typeof code === 'string' && CODE.test(code)) return code
  return exception === undefined ? 'GraphQLError' : errorType(exception)
}

// An error without a path is of the request as a whole: it quotes the variables that were sent.
function mayQuote(exception: unknown, failures: readonly AnsweredError[]): boolean {
  return failures.some((each) => exceptionOf(each) === exception && each.path === undefined)
}
