import type { KeyDecision } from './key-rules.ts'

/** What is known of one key: most of its values are such as need no look, or the same as the last. */
export class KeyRule {
  /** The last text that had nothing to strike out. */
  lastClean: string | undefined
  readonly key: string
  /** The key as it may go out. */
  readonly sentKey: string
  readonly decision: KeyDecision
  private readonly passesAll: boolean
  private readonly passesNumbers: boolean

  constructor(key: string, sentKey: string, decision: KeyDecision, readsNumbers: boolean) {
    this.key = key
    this.sentKey = sentKey
    this.decision = decision
    const isSame = sentKey === key
    this.passesAll = isSame && decision.action === 'keep'
    this.passesNumbers = isSame && decision.action === 'scan' && !readsNumbers
  }

  /** Remembers a text that had nothing to strike out. */
  found(clean: string): void {
    if (this.sentKey === this.key) this.lastClean = clean
  }

  /** Whether this value may go out as it is, without a look. */
  passes(value: unknown): boolean {
    if (typeof value === 'string') return value === this.lastClean || this.passesAll
    if (typeof value === 'number') return this.passesNumbers || this.passesAll
    return this.passesAll || (typeof value === 'boolean' && this.passesNumbers)
  }
}
