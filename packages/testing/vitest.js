// Gives Vitest's `expect` the matchers for chains: list this in `setupFiles` of vitest.config.
import { chainMatchers } from '@callchain/testing'
import { expect } from 'vitest'

expect.extend(chainMatchers)
