/**
 * Fails every test in which a statement is run again and again below one parent (N+1). List it among
 * the set-up files of Jest (`setupFilesAfterEnv`) or Vitest (`setupFiles`), or import it before the
 * tests with another runner that has a global `beforeEach` and `afterEach`.
 *
 * Set `CALLCHAIN_GUARD=0` to switch it off, and `CALLCHAIN_GUARD=8` for another number of runs; the
 * default is 5.
 *
 * @module
 */
import { installGuard } from './chain/guard.ts'

export { allowRepeated } from './chain/guard.ts'

installGuard()
