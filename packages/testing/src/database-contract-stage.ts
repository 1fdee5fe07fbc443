import type { AttributeValue } from '@opentelemetry/api'
import { createRecorder, type Recorder } from './recorder.ts'

/** A driver with one connection to its server, traced or not. */
export interface ConnectedDriver {
  /** Reads what is stored under a key: one statement, with the key bound to it. */
  read(key: string): Promise<unknown>
  /** The same in the form with a callback, where the driver has one. */
  readThen?(key: string, callback: (error: unknown) => void): void
  /** Sends what the server refuses, with a message that quotes `value`. */
  fail(value: string): Promise<unknown>
  close(): Promise<void>
}

/** What the span of a statement must say. */
export interface ExpectedStatement {
  readonly name: string
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>
}

/** A driver, its server and what the conventions say about them. */
export interface DatabaseUnderTest {
  /**
   * Connects. `trace` says how often the instance is handed to the wrapper. One connection: what
   * finds it busy has to wait.
   */
  connect(options: { trace: 0 | 1 | 2 }): Promise<ConnectedDriver>
  /** The span of `read()`; asked for once connected. */
  readonly read: () => ExpectedStatement
  /** The span of `fail()`; its `db.response.status_code` is the server's code. */
  readonly fail: () => ExpectedStatement
}

/** What a promise of the database contract works with. */
export interface DatabaseStage {
  readonly recorder: Recorder
  readonly database: DatabaseUnderTest
  /** Connects; the driver is closed when the promise has been checked. */
  connect(options?: { trace: 0 | 1 | 2 }): Promise<ConnectedDriver>
}

/** Runs a check on a stage of its own, and sees to it that it leaves no span or connection behind. */
export async function performOnDatabase(
  database: DatabaseUnderTest,
  check: (stage: DatabaseStage) => Promise<void>,
): Promise<void> {
  const recorder = createRecorder()
  const drivers: ConnectedDriver[] = []
  try {
    await check({
      recorder,
      database,
      connect: async (options = { trace: 1 }) => {
        const driver = await database.connect(options)
        drivers.push(driver)
        recorder.reset()
        return driver
      },
    })
    await recorder.settled()
  } finally {
    for (const driver of drivers) await driver.close()
    await recorder.shutdown()
  }
}
