import {
  type CheckResult,
  type Count,
  callsOnly,
  carries,
  hasErrors,
  makesCalls,
  matchesTree,
  repeatsStatements,
  runsStatements,
} from './chain-checks.ts'
import type { Chain } from './make-chain.ts'

/** What `expect(chain)` can be asked, in Jest and in Vitest. */
export interface ChainMatchers<Returned = void> {
  /** The chain looks like this tree of text; indentation in common does not count. */
  toMatchChain(tree: string): Returned
  /** The chain runs so many statements: `3`, `{ max: 3 }`, `{ min: 1, max: 3 }`. */
  toRunStatements(count: Count): Returned
  /** The chain calls other services so many times, or one host of them; this machine is `localhost`. */
  toMakeCalls(count: Count, host?: string): Returned
  /** The chain calls no host but these; this machine is `localhost`. */
  toCallOnly(hosts: readonly string[]): Returned
  /** A statement is run again and again below one parent (N+1), `from` times (3) or more. For `.not`. */
  toRepeatStatements(options?: {
    readonly from?: number
    /** Parts of statements, or patterns of them, that may be repeated. */
    readonly allow?: readonly (string | RegExp)[]
  }): Returned
  /** Every SERVER and CONSUMER span has these attributes: `{ 'tenant.id': 'acme' }`. */
  toCarry(attributes: Readonly<Record<string, unknown>>): Returned
  /** A span of the chain failed. For `.not`. */
  toHaveErrors(): Returned
}

/** The matchers for `expect.extend()`. */
export const chainMatchers: {
  readonly [Name in keyof ChainMatchers]: (
    received: unknown,
    ...args: Parameters<ChainMatchers[Name]>
  ) => CheckResult
} = {
  toMatchChain: (received, tree) => matchesTree(chainOf(received), tree),
  toRunStatements: (received, count) => runsStatements(chainOf(received), count),
  toMakeCalls: (received, count, host) => makesCalls(chainOf(received), count, host),
  toCallOnly: (received, hosts) => callsOnly(chainOf(received), hosts),
  toRepeatStatements: (received, options) => repeatsStatements(chainOf(received), options),
  toCarry: (received, attributes) => carries(chainOf(received), attributes),
  toHaveErrors: (received) => hasErrors(chainOf(received)),
}

function chainOf(received: unknown): Chain {
  if (
    typeof received === 'object' &&
    received !== null &&
    'traceId' in received &&
    'repeated' in received
  )
    return received as Chain
  const what = received instanceof Promise ? 'a promise: await chain() first' : typeof received
  throw new TypeError(`callchain: expect() needs a chain of chain(), not ${what}`)
}
