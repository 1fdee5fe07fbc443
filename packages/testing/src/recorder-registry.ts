import { RECORDER_OBSERVERS, TEST_RECORDERS } from '@callchain/core/internal'
import type { Recorder } from './recorder-interface.ts'
import type { SpanObserver } from './span-observer.ts'

/** What a recorder has besides what users see of it. */
export interface ObservedRecorder extends Recorder {
  readonly [RECORDER_OBSERVERS]: Set<SpanObserver>
}

/** The recorders of this process, of the ESM and the CommonJS copy of this package. */
export interface RecorderRegistry {
  /** Those that have been made and not shut down, in the order in which they were. */
  readonly recorders: Set<ObservedRecorder>
  /** The one that stands in until somebody makes one. */
  standIn: Recorder | undefined
}

/** What is known of the recorders of this process. */
export function registry(): RecorderRegistry {
  const shared = globalThis as { [TEST_RECORDERS]?: RecorderRegistry }
  shared[TEST_RECORDERS] ??= { recorders: new Set(), standIn: undefined }
  return shared[TEST_RECORDERS]
}

/** Tells an observer of every span of the recorder, until what it returns is called. */
export function observe(recorder: Recorder, observer: SpanObserver): () => void {
  const observers = (recorder as Partial<ObservedRecorder>)[RECORDER_OBSERVERS]
  if (observers === undefined)
    throw new TypeError('callchain: recorder must come from createRecorder() of @callchain/testing')
  observers.add(observer)
  return () => void observers.delete(observer)
}
