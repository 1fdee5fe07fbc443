import type { ReadError } from '../delivery/settle.ts'

const MAX_DEPTH = 5

/** The broker's word for what is wrong, `MESSAGE_TOO_LARGE`, says more than the library's code. */
export const readKafkaError: ReadError = (error) => {
  const apiId = findApiId(error, MAX_DEPTH)
  return {
    error: error ?? new Error('failed without a reason'),
    ...(apiId !== undefined && { errorType: apiId }),
  }
}

// It stands in what the library has gathered and wrapped.
function findApiId(error: unknown, depth: number): string | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined
  const { apiId, errors, cause } = error as { apiId?: unknown; errors?: unknown; cause?: unknown }
  if (typeof apiId === 'string') return apiId
  for (const inner of [...(Array.isArray(errors) ? errors : []), cause]) {
    const found = findApiId(inner, depth - 1)
    if (found !== undefined) return found
  }
  return undefined
}
