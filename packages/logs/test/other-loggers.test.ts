import { describe, expect, it } from '@jest/globals'
import { traceBunyan } from '../src/bunyan.ts'
import { tracePino } from '../src/pino.ts'
import { traceWinston } from '../src/winston.ts'

describe.each<[sentence: string, traceLogger: (logger: never) => unknown]>([
  ['tracePino() takes a pino logger', tracePino],
  ['traceWinston() takes a winston logger', traceWinston],
  ['traceBunyan() takes a bunyan logger', traceBunyan],
])('%s', (sentence, traceLogger) => {
  it.each([undefined, null, 'logger', 7, [], {}, () => {}])('and refuses %p', (logger) => {
    expect(() => traceLogger(logger as never)).toThrow(new TypeError(`callchain: ${sentence}`))
  })
})
