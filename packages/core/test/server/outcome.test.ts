import { describe, expect, it } from '@jest/globals'
import { serverOutcome } from '../../src/server/outcome.ts'
import { answered } from '../recorder.ts'

const gone = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
const failure = new TypeError('boom')

describe('a response that broke off', () => {
  it('did so because the client left, where a lost connection is all that was thrown', () => {
    const response = { ...answered(200, undefined, gone), complete: false }
    expect(serverOutcome(response, true)).toEqual({
      failure: 'client_abort',
      exception: undefined,
    })
    expect(serverOutcome(response, false)).toEqual({ failure: undefined, exception: undefined })
  })

  it("did so because of the application's error, where there is one", () => {
    const response = { ...answered(200, undefined, failure), complete: false }
    expect(serverOutcome(response, false)).toEqual({ failure: 'TypeError', exception: failure })
  })
})

it('a whole answer of 500 is an error of the server, also where a lost connection is its cause', () => {
  expect(serverOutcome(answered(500, undefined, gone), false)).toEqual({
    failure: 'ECONNRESET',
    exception: gone,
  })
})
