import type { AttributeValue } from '@opentelemetry/api'
import type { ContractPromise } from '../contract.ts'
import { needed } from '../needed.ts'
import type { Recorder } from '../recorder.ts'

/** A driver with one connection to its server, traced or not. */
export interface ConnectedDriver {
  /** Reads what is stored under a key: one statement, with the key bound to it. */
  read(key: string): Promise<unknown>
  /** The same in the form with a callback; left out where the driver has none, which is a gap. */
  readThen?(key: string, callback: (error: unknown) => void): void
  /** Sends what the server refuses, with a message that quotes `value`. */
  fail(value: string): Promise<unknown>
  /** Sends several as one, of which the server refuses one; left out where the driver cannot, which is a gap. */
  failWithin?(value: string): Promise<unknown>
  /**
   * Has the server end the idle connection, or say something unasked on it. The driver runs
   * `listener` when it hears of it, and once it has, this resolves. Left out where the driver has
   * nobody to tell, which is a gap.
   */
  disturb?(listener: () => void): Promise<void>
  close(): Promise<void>
}

/** What the span of a statement must say. */
export interface ExpectedStatement {
  readonly name: string
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>
}

/** How a driver is connected. */
export interface ConnectionOptions {
  /** How often the instance is handed to the wrapper. */
  readonly trace: 0 | 1 | 2
  /** The wrapper's option of that name. Default: false. */
  readonly requireParent?: boolean
}

/** A driver, its server and what the conventions say about them. */
export interface DatabaseUnderTest {
  /** Connects, with one connection: what finds it busy has to wait. */
  connect(options: ConnectionOptions): Promise<ConnectedDriver>
  /** A traced driver whose statements reach no server; left out where there is no such thing, which is a gap. */
  connectNowhere?(): Promise<Pick<ConnectedDriver, 'read' | 'close'>>
  /** The span of `read()`; asked for once connected. */
  readonly read: () => ExpectedStatement
  /** The span of `fail()`; its `db.response.status_code` is the server's code. */
  readonly fail: () => ExpectedStatement
  /** The server's code in `failWithin()`. Default: that of `fail()`. */
  readonly failWithin?: string
}

/** What a promise of the database contract works with. */
export interface DatabaseStage {
  readonly recorder: Recorder
  readonly database: DatabaseUnderTest
  /** Connects; the driver is closed when the promise has been checked. */
  connect(options?: ConnectionOptions): Promise<ConnectedDriver>
  /** Connects to a server that is not there, and fails where the driver cannot; closed likewise. */
  connectNowhere(): Promise<Pick<ConnectedDriver, 'read' | 'close'>>
}

/** One thing that every wrapper of a database driver must do. */
export type DatabasePromise = ContractPromise<DatabaseStage>

/** Runs a check on its own stage, and makes sure that it leaves no span or connection open. */
export async function performOnDatabase(
  setUp: () => Recorder,
  database: DatabaseUnderTest,
  check: (stage: DatabaseStage) => Promise<void>,
): Promise<void> {
  const recorder = setUp()
  const drivers: Pick<ConnectedDriver, 'close'>[] = []
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
      connectNowhere: async () => {
        const connect = needed(database.connectNowhere, 'connection to a server that is not there')
        const driver = await connect.call(database)
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
