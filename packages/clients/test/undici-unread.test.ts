import { createRecorder, type Recorder } from '@callchain/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { Dispatcher } from 'undici'
import { UNREAD_AFTER_MS } from '../src/call/unread.ts'
import { traceUndici } from '../src/undici.ts'

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
  /** A part of its body comes, and the handler has room for more. */
  come(bytes: number): void
  /** A part of its body comes, and the handler's buffer is full then. */
  fill(): void
  /** Somebody reads what the handler has. */
  resume(): void
  end(): void
}

/** With it, the buffer of a handler is full. */
const LAST_PART = Buffer.of(1)

type AnyMethods = Record<string, (...args: unknown[]) => unknown>

/** Undici 7 and 8 tell a controller to hold the rest back. */
function newer(): Response {
  const controller = { paused: false }
  const watched = dispatched({
    onRequestStart: () => {},
    onResponseStart: () => {},
    onResponseData: (_, chunk) => {
      controller.paused = chunk === LAST_PART
    },
    onResponseEnd: () => {},
  })
  return {
    begin: () => watched.onResponseStart?.(controller, 200, {}, 'OK'),
    come: (bytes) => watched.onResponseData?.(controller, Buffer.alloc(bytes)),
    fill: () => watched.onResponseData?.(controller, LAST_PART),
    resume: () => {
      controller.paused = false
    },
    end: () => watched.onResponseEnd?.(controller, {}),
  }
}

/** Undici 6 is told so by what its handler returns. */
function older(): Response {
  let resume: unknown
  const watched = dispatched({
    onConnect: () => {},
    onHeaders: (_status, _headers, given) => {
      resume = given
      return true
    },
    onData: (chunk) => chunk !== LAST_PART,
    onComplete: () => {},
  })
  return {
    begin: () => watched.onHeaders?.(200, [], () => {}, 'OK'),
    come: (bytes) => watched.onData?.(Buffer.alloc(bytes)),
    fill: () => watched.onData?.(LAST_PART),
    resume: () => (resume as () => void)(),
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
])('a body of %s that is held back', (_, create) => {
  it.each([0.8, 1, 10])(
    'ends the span with its headers when nobody reads it, %d times the wait after them',
    (times) => {
      const response = create()
      response.begin()
      jest.advanceTimersByTime(UNREAD_AFTER_MS * times)
      response.come(60_000)
      response.fill()
      jest.advanceTimersByTime(UNREAD_AFTER_MS - 1)
      expect(recorder.spans()).toEqual([])
      jest.advanceTimersByTime(1)
      expect(recorder.spans()[0]?.duration).toEqual([0, 0])
    },
  )

  it.each<[string, (response: Response) => void]>([
    [
      'it was let come on',
      (response) => {
        response.fill()
        jest.advanceTimersByTime(UNREAD_AFTER_MS * 0.4)
        response.fill()
      },
    ],
    [
      'it is let come on, though nothing comes',
      (response) => {
        response.fill()
        response.resume()
      },
    ],
    [
      'more has come before than anybody buffers',
      (response) => {
        for (let part = 0; part < 3; part++) response.come(60_000)
        response.fill()
      },
    ],
  ])('ends the span with its last byte when somebody reads, however slowly: %s', (_, read) => {
    const response = create()
    response.begin()
    read(response)
    jest.advanceTimersByTime(UNREAD_AFTER_MS * 10)
    expect(recorder.spans()).toEqual([])
    response.end()
    expect(recorder.spans()).toHaveLength(1)
  })
})
