/**
 * Gives Jest's `expect` the matchers for chains: list this in `setupFilesAfterEnv` of jest.config.
 *
 * @module
 */
import { expect } from '@jest/globals'
import { type ChainMatchers, chainMatchers } from './chain/matchers.ts'

declare module 'expect' {
  interface Matchers<R> extends ChainMatchers<R> {}
}

declare global {
  namespace jest {
    interface Matchers<R> extends ChainMatchers<R> {}
  }
}

expect.extend({ ...chainMatchers })

export type { ChainMatchers }
