import { tracing, tracingErrors } from '@callchain/express'
import { describe, expect, it } from '@jest/globals'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type {
  ErrorRequestHandler as ErrorRequestHandler4,
  RequestHandler as RequestHandler4,
} from 'express4'

describe('the middleware', () => {
  it('is what the types of Express 5 and of Express 4 ask for', () => {
    const handlers: [RequestHandler, RequestHandler4] = [tracing(), tracing()]
    const errorHandlers: [ErrorRequestHandler, ErrorRequestHandler4] = [
      tracingErrors(),
      tracingErrors(),
    ]
    // Express tells the two kinds apart by the number of their parameters.
    expect(handlers.map(({ length }) => length)).toEqual([3, 3])
    expect(errorHandlers.map(({ length }) => length)).toEqual([4, 4])
  })

  it('throws for an option that is not allowed', () => {
    expect(() => tracing({ trust: 'nobody' as 'auto' })).toThrow(TypeError)
  })
})
