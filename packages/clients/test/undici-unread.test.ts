import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { traceUndici } from '../src/undici.ts'
import { UNREAD_AFTER } from '../src/unread.ts'

// No socket, for what matters is when a part of the body comes: the clock is turned by hand.
let recorder: Recorder
beforeAll(() => {
  jest.useFakeTimers()
  recorder = createRecorder()
})
afterEach(() => recorder.reset())
afterAll(async () => {
  jest.useRealTimers()
  await recorder.shutdown()
})

/** A response as a dispatcher of undici hands it to a handler. */
interface Response {
  begin(): void
  /** A part of its body comes, and the handler's buffer is full then. */
  fill(): void
  end(): void
}

type AnyMethods = Record<string, (...args: unknown[]) => unknown>

/** Undici 7 and 8 tell a controller to hold the rest back. */
function newer(): Response {
  const controller = { paused: false }
  const watched = dispatched({
    onRequestStart: () => {},
    onResponseStart: () => {},
    onResponseData: () => {
      controller.paused = true
    },
    onResponseEnd: () => {},
  })
  return {
    begin: () => watched.onResponseStart?.(controller, 200, {}, 'OK'),
    fill: () => watched.onResponseData?.(controller, Buffer.of(1)),
    end: () => watched.onResponseEnd?.(controller, {}),
  }
}

/** Undici 6 is told so by what its handler returns. */
function older(): Response {
  const watched = dispatched({
    onConnect: () => {},
    onHeaders: () => true,
    onData: () => false,
    onComplete: () => {},
  })
  return {
    begin: () => watched.onHeaders?.(200, [], () => {}, 'OK'),
    fill: () => watched.onData?.(Buffer.of(1)),
    end: () => watched.onComplete?.([]),
  }
}

function dispatched(handler: AnyMethods): Partial<AnyMethods> {
  let watched: unknown
  const dispatch = traceUndici()((_options, given) => {
    watched = given
    return true
  })
  const options = { origin: 'http://api.example.com', path: '/', method: 'GET' } as const
  dispatch(options, handler as Dispatcher.DispatchHandler)
  return watched as Partial<AnyMethods>
}

describe.each([
  ['undici 7', newer],
  ['undici 6', older],
])('a body of %s that comes late', (_, create) => {
  it('ends the span with its headers when nobody reads it', () => {
    const response = create()
    response.begin()
    jest.advanceTimersByTime(UNREAD_AFTER * 0.8)
    response.fill()
    jest.advanceTimersByTime(UNREAD_AFTER * 0.2)
    expect(recorder.spans()).toEqual([])
    jest.advanceTimersByTime(UNREAD_AFTER)
    expect(recorder.spans()[0]?.duration).toEqual([0, 0])
  })

  it('ends the span with its last byte when it is read, however slowly', () => {
    const response = create()
    response.begin()
    jest.advanceTimersByTime(UNREAD_AFTER * 0.8)
    response.fill()
    jest.advanceTimersByTime(UNREAD_AFTER * 0.4)
    response.fill()
    jest.advanceTimersByTime(UNREAD_AFTER * 10)
    expect(recorder.spans()).toEqual([])
    response.end()
    expect(recorder.spans()).toHaveLength(1)
  })
})
