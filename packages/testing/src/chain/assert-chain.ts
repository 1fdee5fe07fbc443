import assert from 'node:assert/strict'
import { checkOptions, isNamed, type OptionRule, type OptionRules } from '@callchain/core/internal'
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

/** What a chain must be like; what is not named is not checked. */
export interface ExpectedChain {
  /** How many statements it runs. */
  readonly statements?: Count
  /** How many calls to other services it makes. */
  readonly calls?: Count
  /** The hosts that it may call; this machine is `localhost`. */
  readonly callsOnly?: readonly string[]
  /** Whether a statement may be run again and again below one parent (N+1); from 3 times on. */
  readonly repeatedStatements?: boolean
  /** Attributes that each SERVER and CONSUMER span must have, as `{ 'tenant.id': 'acme' }`. */
  readonly carries?: Readonly<Record<string, unknown>>
  /** Whether a span of it failed. */
  readonly errors?: boolean
  /** The tree that it looks like. */
  readonly tree?: string
}

const COUNT: OptionRule = {
  allowed: 'a number, or an object with `min`, `max` or both',
  holds: (value) =>
    isWhole(value) ||
    (isNamed(value) &&
      Object.keys(value).length > 0 &&
      Object.entries(value).every(
        ([key, bound]) => (key === 'min' || key === 'max') && isWhole(bound),
      )),
}
const FLAG: OptionRule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' }

const RULES: OptionRules<ExpectedChain> = {
  statements: COUNT,
  calls: COUNT,
  callsOnly: {
    allowed: 'an array of host names',
    holds: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  },
  repeatedStatements: FLAG,
  carries: { allowed: 'an object of attributes', holds: isNamed },
  errors: FLAG,
  tree: { allowed: 'a text', holds: (value) => typeof value === 'string' },
}

/**
 * Throws an AssertionError that draws the chain, and marks the guilty lines, when it is not as expected.
 *
 * @throws TypeError for an expectation that there is not
 *
 * @example
 * ```ts
 * assertChain(trace, {
 *   statements: { max: 3 },
 *   repeatedStatements: false,
 *   callsOnly: ['inventory.internal'],
 *   carries: { 'tenant.id': 'acme' },
 * })
 * ```
 */
export function assertChain(chain: Chain, expected: ExpectedChain): void {
  checkOptions('assertChain()', expected, RULES)
  const { statements, calls, repeatedStatements, errors, tree } = expected
  if (statements !== undefined) hold(runsStatements(chain, statements))
  if (calls !== undefined) hold(makesCalls(chain, calls))
  if (expected.callsOnly !== undefined) hold(callsOnly(chain, expected.callsOnly))
  if (repeatedStatements !== undefined) hold(repeatsStatements(chain), repeatedStatements)
  if (expected.carries !== undefined) hold(carries(chain, expected.carries))
  if (errors !== undefined) hold(hasErrors(chain), errors)
  if (tree !== undefined) hold(matchesTree(chain, tree))
}

function hold({ pass, message }: CheckResult, wanted = true): void {
  if (pass !== wanted) assert.fail(message())
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
