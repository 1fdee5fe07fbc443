import type { ChainMatchers } from '@callchain/testing'

declare module 'vitest' {
  // Vitest's own has a parameter, and an interface is merged only with one that looks the same.
  interface Assertion<T> extends ChainMatchers<void> {}
}
